package dev.polylm.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.polylm.InvalidSettingException;
import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import dev.polylm.PolyLmOptions;
import dev.polylm.constraint.UnfinishedAnswerException;
import dev.polylm.generation.FinishReason;
import dev.polylm.generation.GeneratedSequence;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.generation.GenerationHandle;
import dev.polylm.generation.GenerationRequest;
import dev.polylm.generation.GenerationStream;
import dev.polylm.prompt.ChatMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

  @Test
  void closeWaitsForWhatWasStarted() {
    PolyLm polyLm = PolyLm.openEmbedded();
    List<GenerationHandle> handles = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      handles.add(polyLm.start(GenerationRequest.ofPrompt(PROMPT)));
    }
    polyLm.close();
    for (GenerationHandle handle : handles) {
      assertThat(handle.result().text()).isEqualTo("\n北京是中国的首都。");
    }
    assertThatThrownBy(polyLm.start(GenerationRequest.ofPrompt(PROMPT))::result)
        .hasMessage("the model is closed");
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
          .hasMessage("a listener can't close the model that calls it");
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

  @Test
  void aListenerMayAskTheModelThatItListensTo() {
    try (PolyLm polyLm = PolyLm.openEmbedded()) {
      List<String> inside = new ArrayList<>();
      polyLm.generate(
          GenerationRequest.ofPrompt(PROMPT)
              .withTextListener(piece -> inside.add(polyLm.generate(PROMPT))));
      assertThat(inside).isNotEmpty().containsOnly("\n北京是中国的首都。");
    }
  }

  @Test
  void aProcessorThatAsksTheModelThatRunsItIsRefused() {
    try (PolyLm polyLm = PolyLm.openEmbedded()) {
      for (Runnable action :
          List.<Runnable>of(() -> polyLm.generate(PROMPT), polyLm::close, polyLm::closeNow)) {
        assertThatThrownBy(
                () ->
                    polyLm.generate(
                        GenerationRequest.ofPrompt(PROMPT)
                            .withProcessors(chain -> chain.custom((ids, logits) -> action.run()))))
            .isInstanceOf(PolyLmException.class)
            .hasMessage("a logits processor or callback can't use or close the model that runs it");
      }
      assertThat(polyLm.generate(PROMPT)).isEqualTo("\n北京是中国的首都。");
    }
  }

  @Test
  void thoseThatShareAModelCloseItWithTheLast() {
    PolyLm first = PolyLm.openEmbedded();
    PolyLm second = first.share();
    first.close();
    first.close();
    assertThatThrownBy(() -> first.generate(PROMPT)).hasMessage("the model is closed");
    assertThatThrownBy(first::share).hasMessage("the model is closed");
    PolyLm third = second.share();
    second.closeNow();
    assertThat(third.generate(PROMPT)).isEqualTo("\n北京是中国的首都。");
    third.close();
    assertThatThrownBy(() -> third.generate(PROMPT)).hasMessage("the model is closed");
    assertThatThrownBy(() -> third.tokenizer().encode("a")).hasMessageContaining("closed");
  }

  @Test
  void closeNowEndsTheCallsInFlightWithWhatTheyHave() throws Exception {
    PolyLm polyLm = PolyLm.openEmbedded();
    CountDownLatch answering = new CountDownLatch(1);
    CountDownLatch closing = new CountDownLatch(1);
    GenerationHandle handle = polyLm.start(standingStill(answering, closing));
    answering.await();
    Thread closer = new Thread(polyLm::closeNow);
    closer.start();
    awaitStandstill(closer);
    closing.countDown();
    GeneratedSequence sequence = handle.result().sequences().get(0);
    assertThat(sequence.finishReason()).isEqualTo(FinishReason.CANCELLED);
    assertThat(sequence.ids()).hasSizeBetween(1, 399);
    closer.join();
  }

  /** Each waits for its turn, as the engine's thread stands still. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4})
  @SuppressWarnings("FutureReturnValueIgnored") // the publisher's
  void closeNowIsAnErrorWhereNoResultTellsOfIt(int index) throws Exception {
    PolyLm polyLm = PolyLm.openEmbedded();
    List<Callable<Object>> calls =
        List.of(
            () -> polyLm.generate(PROMPT),
            () -> polyLm.generate(PROMPT, GenerationConfig.builder().numBeams(2).build()),
            () -> polyLm.generate(List.of(ChatMessage.user(PROMPT))),
            () -> polyLm.stream(PROMPT).pieces().toList(),
            () -> published(polyLm.publisher(GenerationRequest.ofPrompt(PROMPT))));
    CountDownLatch answering = new CountDownLatch(1);
    CountDownLatch closing = new CountDownLatch(1);
    GenerationHandle handle = polyLm.start(standingStill(answering, closing));
    answering.await();
    FutureTask<Object> call = new FutureTask<>(calls.get(index));
    Thread caller = new Thread(call);
    caller.start();
    awaitStandstill(caller);
    Thread closer = new Thread(polyLm::closeNow);
    closer.start();
    awaitStandstill(closer);
    closing.countDown();
    assertThatThrownBy(call::get)
        .cause()
        .isInstanceOf(UnfinishedAnswerException.class)
        .hasMessage("the model was closed before the answer was complete, after 0 tokens");
    assertThat(handle.result().sequences().get(0).finishReason()).isEqualTo(FinishReason.CANCELLED);
    closer.join();
  }

  /** Waits for all that a publisher gives. */
  private static String published(Flow.Publisher<String> publisher) throws Exception {
    StringBuilder text = new StringBuilder();
    CompletableFuture<String> end = new CompletableFuture<>();
    publisher.subscribe(
        new Flow.Subscriber<>() {
          @Override
          public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
          }

          @Override
          public void onNext(String piece) {
            text.append(piece);
          }

          @Override
          public void onError(Throwable failure) {
            end.completeExceptionally(failure);
          }

          @Override
          public void onComplete() {
            end.complete(text.toString());
          }
        });
    try {
      return end.get();
    } catch (ExecutionException e) {
      throw (Exception) e.getCause();
    }
  }

  @Test
  void anInterruptedCallerGetsTheTextSoFar() throws Exception {
    try (PolyLm polyLm = PolyLm.openEmbedded()) {
      Thread.currentThread().interrupt();
      assertThat(polyLm.generate(PROMPT)).isNotEqualTo("\n北京是中国的首都。");
      assertThat(Thread.interrupted()).isTrue();
      try (GenerationStream stream = polyLm.stream(PROMPT)) {
        stream.cancel();
        assertThat(String.join("", stream)).isNotEqualTo("\n北京是中国的首都。");
      }
    }
  }

  /** It waits for its turn, as the engine's thread stands still. */
  @Test
  void closeNowCancelsAnEmbedding() throws Exception {
    PolyLm polyLm = PolyLm.openEmbedded();
    CountDownLatch answering = new CountDownLatch(1);
    CountDownLatch closing = new CountDownLatch(1);
    GenerationHandle handle = polyLm.start(standingStill(answering, closing));
    answering.await();
    FutureTask<float[]> embedding = new FutureTask<>(() -> polyLm.embed("Paris"));
    Thread embedder = new Thread(embedding);
    embedder.start();
    awaitStandstill(embedder);
    Thread closer = new Thread(polyLm::closeNow);
    closer.start();
    awaitStandstill(closer);
    closing.countDown();
    assertThatThrownBy(embedding::get)
        .cause()
        .isInstanceOf(CancellationException.class)
        .hasMessage("the embedding was cancelled");
    assertThat(handle.result().sequences().get(0).finishReason()).isEqualTo(FinishReason.CANCELLED);
    closer.join();
  }

  /** A request for 400 ids that waits at the second one for a latch. */
  private static GenerationRequest standingStill(CountDownLatch answering, CountDownLatch goOn) {
    return GenerationRequest.ofPrompt(PROMPT)
        .withConfig(GenerationConfig.fromJson("{\"max_new_tokens\": 400, \"min_new_tokens\": 400}"))
        .withProcessors(
            chain ->
                chain.custom(
                    (ids, logits) -> {
                      if (answering.getCount() == 0) {
                        await(goOn);
                      }
                      answering.countDown();
                    }));
  }

  private static void awaitStandstill(Thread thread) {
    while (thread.getState() == Thread.State.NEW || thread.getState() == Thread.State.RUNNABLE) {
      Thread.onSpinWait();
    }
  }

  @Test
  void closeNowLeavesTheCallsOfOthersAlone() throws Exception {
    PolyLm mine = PolyLm.openEmbedded();
    PolyLm theirs = mine.share();
    CountDownLatch answering = new CountDownLatch(1);
    CountDownLatch closing = new CountDownLatch(1);
    GenerationHandle ended = mine.start(standingStill(answering, closing));
    answering.await();
    GenerationHandle goesOn = theirs.start(GenerationRequest.ofPrompt(PROMPT));
    Thread closer = new Thread(mine::closeNow);
    closer.start();
    awaitStandstill(closer);
    closing.countDown();
    assertThat(ended.result().sequences().get(0).finishReason()).isEqualTo(FinishReason.CANCELLED);
    assertThat(goesOn.result().text()).isEqualTo("\n北京是中国的首都。");
    closer.join();
    assertThatThrownBy(() -> mine.generate(PROMPT)).hasMessage("the model is closed");
    theirs.close();
  }

  @Test
  void memoryThatNoRequestFitsIsRefusedAtOpening() {
    InvalidSettingException refusal =
        catchThrowableOfType(
            InvalidSettingException.class,
            () -> PolyLm.openEmbedded(PolyLmOptions.builder().keyValueBytes(20).build()));
    assertThat(refusal.setting()).isEqualTo("keyValueBytes");
    Matcher least =
        Pattern.compile(
                "is 20, must be 0 or at least (\\d+), which a request of 64 tokens takes; one of the model's whole context takes \\d+")
            .matcher(refusal.fault());
    assertThat(least.matches()).isTrue();
    PolyLmOptions enough =
        PolyLmOptions.builder().keyValueBytes(Long.parseLong(least.group(1))).build();
    GenerationConfig brief = GenerationConfig.builder().maxNewTokens(20).build();
    try (PolyLm polyLm = PolyLm.openEmbedded(enough)) {
      assertThat(answer(polyLm, PROMPT, brief)).isEqualTo("\n北京是中国的首都。");
    }
  }

  @Test
  void aRequestThatCanNeverFitIsRefusedAtOnce() {
    PolyLmOptions options = PolyLmOptions.builder().keyValueBytes(2_000_000).build();
    try (PolyLm polyLm = PolyLm.openEmbedded(options)) {
      GenerationConfig tooLong = GenerationConfig.builder().maxNewTokens(300).build();
      assertThatThrownBy(() -> answer(polyLm, PROMPT, tooLong))
          .isInstanceOf(PolyLmException.class)
          .hasMessageStartingWith("the request may need 1 rows of ")
          .hasMessageContaining("; the engine may use 2000000 bytes, ");
      GenerationConfig fits = GenerationConfig.builder().maxNewTokens(20).build();
      assertThat(answer(polyLm, PROMPT, fits)).isEqualTo("\n北京是中国的首都。");
    }
  }
}
