package dev.polylm.internal.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylm.PolyLmException;
import dev.polylm.generation.FinishReason;
import dev.polylm.generation.Timings;
import dev.polylm.internal.decoding.DecodingRunner;
import dev.polylm.internal.decoding.DecodingTask;
import dev.polylm.model.ModelDimensions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is made of hidden states, over a runner whose states are a function of the id. */
final class EmbedderTest {
  private static final ModelDimensions DIMENSIONS = new ModelDimensions(10, 6, 1, 2, 1, 2);

  /** An id's state is (id + bias, 1 + bias); each prompt is read in chunks of two. */
  private record Runner(float bias, Optional<FinishReason> stopped) implements DecodingRunner {
    @Override
    public Ticket submit(DecodingTask task, Terms terms) {
      assertThat(task.wantsHiddenStates()).isTrue();
      for (int prompt = 0; prompt < task.prompts().size(); prompt++) {
        int[] ids = task.prompts().get(prompt);
        for (int from = 0; from < ids.length; from += 2) {
          int first = from;
          task.takeHiddenStates(
              prompt,
              Math.min(2, ids.length - from),
              (row, target) -> {
                target[0] = ids[first + row] + bias;
                target[1] = 1 + bias;
              });
        }
      }
      task.advance((row, target) -> {});
      assertThat(task.finished()).isTrue();
      return new Ended(stopped);
    }
  }

  private record Ended(Optional<FinishReason> stopped) implements DecodingRunner.Ticket {
    @Override
    public Optional<FinishReason> await() {
      return stopped;
    }

    @Override
    public void onEnd(Consumer<@Nullable Throwable> action) {
      action.accept(null);
    }

    @Override
    public void cancel() {}

    @Override
    public Timings timings() {
      throw new UnsupportedOperationException("nobody asks");
    }

    @Override
    public int reusedIds() {
      throw new UnsupportedOperationException("nobody asks");
    }
  }

  private static Embedder embedder(float bias) {
    return new Embedder(DIMENSIONS, new Runner(bias, Optional.empty()), null, false);
  }

  /** (3, 4, 5) has the mean (4, 1), (0) the state (0, 1). */
  @Test
  void anEmbeddingIsTheMeansDirection() {
    List<float[]> embeddings = embedder(0).embedIds(List.of(new int[] {3, 4, 5}, new int[] {0}));
    double length = Math.sqrt(17);
    assertThat(embeddings.get(0)).containsExactly((float) (4 / length), (float) (1 / length));
    assertThat(embeddings.get(1)).containsExactly(0, 1);
  }

  @Test
  void whatHasNoDirectionIsRefused() {
    assertThatThrownBy(() -> embedder(-1).embedIds(List.of(new int[] {1})))
        .isInstanceOf(PolyLmException.class)
        .hasMessage(
            "the hidden states of a text add up to a vector of length 0.0, expected above 0 and"
                + " finite");
    assertThatThrownBy(() -> embedder(Float.NaN).embedIds(List.of(new int[] {1})))
        .hasMessage(
            "the hidden states of a text add up to a vector of length NaN, expected above 0 and"
                + " finite");
  }

  @Test
  void idsAreChecked() {
    assertThatThrownBy(() -> embedder(0).embedIds(List.of(new int[] {1, 10})))
        .isInstanceOf(PolyLmException.class)
        .hasMessage("id 10 at position 1 is out of range, expected 0 to 9");
    assertThatThrownBy(() -> embedder(0).embedIds(List.of(new int[] {1}, new int[7])))
        .hasMessage("text 1 has 7 ids, expected 1 to 6, the model's context");
    assertThat(embedder(0).embedIds(List.of(new int[6]))).hasSize(1);
  }

  @Test
  void aTextNeedsATokenizer() {
    assertThatThrownBy(() -> embedder(0).embed(List.of("a")))
        .isInstanceOf(PolyLmException.class)
        .hasMessage("the model takes ids only: it has no tokenizer for a text");
  }

  @Test
  void aCancelledTaskHasNoEmbeddings() {
    Embedder cancelled =
        new Embedder(DIMENSIONS, new Runner(0, Optional.of(FinishReason.CANCELLED)), null, false);
    assertThatThrownBy(() -> cancelled.embedIds(List.of(new int[] {1})))
        .isInstanceOf(CancellationException.class)
        .hasMessage("the embedding was cancelled");
  }
}
