package dev.polylm.tiny;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.generation.GenerationRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Opening, closing, and many threads. */
final class LifecycleTest {
  private static final String PROMPT =
      "Beijing is the capital of China.\nTranslate this sentence from English to Chinese.";

  @Test
  void useAfterCloseIsAnError() {
    PolyLm polyLm = PolyLm.openEmbedded();
    polyLm.close();
    polyLm.close();
    assertThatThrownBy(() -> polyLm.generate(PROMPT))
        .isInstanceOf(PolyLmException.class)
        .hasMessage("the model is closed");
    assertThatThrownBy(() -> polyLm.score("a", "b")).hasMessage("the model is closed");
    assertThatThrownBy(() -> polyLm.perplexity("a b")).hasMessage("the model is closed");
  }

  @Test
  void closeWaitsForTheCallsInFlight() throws Exception {
    PolyLm polyLm = PolyLm.openEmbedded();
    CountDownLatch answering = new CountDownLatch(1);
    CountDownLatch closing = new CountDownLatch(1);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      Future<String> answer =
          threads.submit(
              () ->
                  polyLm
                      .generate(
                          GenerationRequest.ofPrompt(PROMPT)
                              .withTextListener(
                                  piece -> {
                                    answering.countDown();
                                    await(closing);
                                  }))
                      .text());
      answering.await();
      Future<?> closed =
          threads.submit(
              () -> {
                closing.countDown();
                polyLm.close();
              });
      assertThat(answer.get()).isEqualTo("\n北京是中国的首都。");
      closed.get();
      assertThatThrownBy(() -> polyLm.generate(PROMPT)).hasMessage("the model is closed");
    } finally {
      threads.shutdownNow();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  @SuppressWarnings("try") // the close inside is what is tested
  void aListenerCanNotCloseItsOwnModel() {
    try (PolyLm polyLm = PolyLm.openEmbedded()) {
      assertThatThrownBy(
              () ->
                  polyLm.generate(
                      GenerationRequest.ofPrompt(PROMPT).withTextListener(piece -> polyLm.close())))
          .hasMessage("a model can't be closed by a listener of its own call");
      assertThat(polyLm.generate(PROMPT)).isEqualTo("\n北京是中国的首都。");
    }
  }

  @Test
  void whatAListenerThrowsReachesTheCaller() {
    try (PolyLm polyLm = PolyLm.openEmbedded()) {
      assertThatThrownBy(
              () ->
                  polyLm.generate(
                      GenerationRequest.ofPrompt(PROMPT)
                          .withTextListener(
                              piece -> {
                                throw new IllegalStateException("enough");
                              })))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("enough");
    }
  }

  @Test
  void manyThreadsGetWhatOneGets() throws Exception {
    List<String> prompts = new ArrayList<>();
    for (String language : List.of("Chinese", "German", "Thai", "Hebrew", "Arabic", "Korean")) {
      prompts.add(
          "Beijing is the capital of China.\nTranslate this sentence from English to "
              + language
              + ".");
    }
    GenerationConfig beams = GenerationConfig.builder().numBeams(3).maxNewTokens(24).build();
    try (PolyLm polyLm = PolyLm.openEmbedded()) {
      List<String> alone = prompts.stream().map(p -> answer(polyLm, p, beams)).toList();
      ExecutorService threads = Executors.newFixedThreadPool(8);
      try {
        List<Future<String>> answers = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
          String prompt = prompts.get(i % prompts.size());
          answers.add(threads.submit(() -> answer(polyLm, prompt, beams)));
        }
        for (int i = 0; i < answers.size(); i++) {
          assertThat(answers.get(i).get()).isEqualTo(alone.get(i % prompts.size()));
        }
      } finally {
        threads.shutdownNow();
      }
    }
  }

  private static String answer(PolyLm polyLm, String prompt, GenerationConfig config) {
    return polyLm.generate(GenerationRequest.ofPrompt(prompt).withConfig(config)).text();
  }
}
