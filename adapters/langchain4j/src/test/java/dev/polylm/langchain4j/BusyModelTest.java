package dev.polylm.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.exception.RateLimitException;
import dev.polylm.PolyLm;
import dev.polylm.PolyLmOptions;
import dev.polylm.QueueFullException;
import dev.polylm.constraint.UnfinishedAnswerException;
import dev.polylm.generation.GenerationHandle;
import dev.polylm.generation.GenerationRequest;
import dev.polylm.logits.Step;
import java.nio.file.Path;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** A model with one row and one place in its queue. */
class BusyModelTest {
  private static final PolyLmOptions NARROW =
      PolyLmOptions.builder().maxRows(1).queueCapacity(1).build();

  @Test
  void saysThatTheQueueIsFull() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    try (PolyLm polyLm = PolyLm.open(Path.of(TestModels.replies()), NARROW);
        PolyLmStreamingChatModel model =
            PolyLmStreamingChatModel.builder().polyLm(polyLm).build()) {
      GenerationHandle first = polyLm.start(waiting(begun, goOn));
      begun.await();
      Heard one = new Heard();
      Heard other = new Heard();
      model.chat("hello", one);
      model.chat("hello", other);
      Heard refused = Heard.firstEnded(one, other);
      assertThatThrownBy(refused::chatResponse)
          .isInstanceOf(CompletionException.class)
          .cause()
          .isExactlyInstanceOf(RateLimitException.class)
          .hasMessage("1 requests are waiting already, which is the limit: try again later")
          .hasCauseInstanceOf(QueueFullException.class);
      goOn.countDown();
      assertThat((refused == one ? other : one).chatResponse().aiMessage().text()).isNotEmpty();
      assertThat(first.result().text()).isNotEmpty();
    }
  }

  @Test
  void endsItsOwnCallsWhenItIsClosedAtOnce() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    try (PolyLm polyLm = PolyLm.open(Path.of(TestModels.replies()), NARROW)) {
      PolyLmStreamingChatModel model = PolyLmStreamingChatModel.builder().polyLm(polyLm).build();
      GenerationHandle other = polyLm.start(waiting(begun, goOn));
      begun.await();
      Heard heard = new Heard();
      model.chat("hello", heard);
      while (polyLm.engineState().waiting() == 0) {
        Thread.onSpinWait();
      }
      model.closeNow();
      assertThatThrownBy(heard::chatResponse)
          .cause()
          .isInstanceOf(UnfinishedAnswerException.class)
          .hasMessageStartingWith("the model was closed before the answer was complete, after ");
      goOn.countDown();
      assertThat(other.result().text()).isNotEmpty();
    }
  }

  private static GenerationRequest waiting(CountDownLatch begun, CountDownLatch goOn) {
    return GenerationRequest.ofPrompt("hello")
        .withProcessors(
            chain ->
                chain.before(
                    Step.TEMPERATURE,
                    (inputIds, logits) -> {
                      begun.countDown();
                      await(goOn);
                    }));
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
