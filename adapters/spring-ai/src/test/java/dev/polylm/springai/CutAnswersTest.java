package dev.polylm.springai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylm.PolyLm;
import dev.polylm.PolyLmOptions;
import dev.polylm.constraint.UnfinishedAnswerException;
import dev.polylm.generation.GenerationHandle;
import dev.polylm.generation.GenerationRequest;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.prompt.ChatOptions;

/** An answer that was cut is not taken for whole. */
final class CutAnswersTest {
  private static final String CARD =
      "Beijing is the capital of China.\nTranslate this sentence from English to Chinese.";

  /** What an answer of a client is read into. */
  record Note(String text) {}

  @Test
  void anEntityThatIsCutSaysWhatToSet() {
    try (PolyLm polyLm = PolyLm.openEmbedded()) {
      ChatClient client =
          ChatClient.create(PolyLmSpringAiChatModel.builder().polyLm(polyLm).build());
      assertThatThrownBy(
              () ->
                  client
                      .prompt(CARD)
                      .options(ChatOptions.builder().maxTokens(3))
                      .call()
                      .entity(Note.class, spec -> spec.useProviderStructuredOutput()))
          .isInstanceOf(UnfinishedAnswerException.class)
          .hasMessageStartingWith(
              "the answer ended after 3 tokens before its JSON was complete, at the limit: set a higher maxTokens")
          .satisfies(e -> assertThat(((UnfinishedAnswerException) e).text()).startsWith("{"));
    }
  }

  /** The call waits for the only row while its handle is closed. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void aCloseAtOnceIsAnError(int index) throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    try (PolyLm polyLm = PolyLm.openEmbedded(PolyLmOptions.builder().maxRows(1).build())) {
      PolyLm mine = polyLm.share();
      ChatClient client = ChatClient.create(PolyLmSpringAiChatModel.builder().polyLm(mine).build());
      List<Callable<String>> calls =
          List.of(
              () -> client.prompt(CARD).call().content(),
              () -> client.prompt(CARD).stream().content().blockLast());
      GenerationHandle other = polyLm.start(waiting(begun, goOn));
      begun.await();
      FutureTask<String> call = new FutureTask<>(calls.get(index));
      new Thread(call).start();
      while (polyLm.engineState().waiting() == 0) {
        Thread.onSpinWait();
      }
      mine.closeNow();
      assertThatThrownBy(call::get)
          .cause()
          .isInstanceOf(UnfinishedAnswerException.class)
          .hasMessageStartingWith("the model was closed before the answer was complete");
      goOn.countDown();
      assertThat(other.result().text()).isNotEmpty();
    }
  }

  private static GenerationRequest waiting(CountDownLatch begun, CountDownLatch goOn) {
    return GenerationRequest.ofPrompt(CARD)
        .withProcessors(
            chain ->
                chain.custom(
                    (ids, logits) -> {
                      begun.countDown();
                      try {
                        goOn.await();
                      } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                      }
                    }));
  }
}
