package dev.polylm.internal.embedding;

import static java.util.Objects.requireNonNull;

import dev.polylm.PolyLmException;
import dev.polylm.internal.decoding.DecodingRunner;
import dev.polylm.internal.decoding.DecodingRunner.Terms;
import dev.polylm.model.ModelDimensions;
import dev.polylm.tokenizer.Tokenizer;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * Makes embeddings of texts.
 *
 * <p>The embedding of a text is the mean of the model's last hidden states, after its last layer
 * norm, over all ids of the text, scaled to length 1. So the dot product of two embeddings is their
 * cosine. Special tokens in a text are plain text.
 *
 * <p>Thread-safe.
 */
public final class Embedder {
  private final ModelDimensions dimensions;
  private final DecodingRunner runner;
  private final @Nullable Tokenizer tokenizer;
  private final boolean reproducible;

  /**
   * @param dimensions the model's
   * @param runner runs the model, which gives hidden states
   * @param tokenizer null if the model takes ids only
   * @param reproducible whether embeddings are always the same bits, whatever else runs
   */
  public Embedder(
      ModelDimensions dimensions,
      DecodingRunner runner,
      @Nullable Tokenizer tokenizer,
      boolean reproducible) {
    this.dimensions = dimensions;
    this.runner = runner;
    this.tokenizer = tokenizer;
    this.reproducible = reproducible;
  }

  /**
   * Embeds texts, one after the other, together with other requests.
   *
   * @return the embedding of each text, [hiddenSize] numbers of length 1
   * @throws PolyLmException if a text is empty or longer than the model's context, or the model
   *     takes ids only
   */
  public List<float[]> embed(List<String> texts) {
    requireNonNull(texts, "texts must not be null");
    return embedIds(texts.stream().map(this::encode).toList());
  }

  /**
   * Embeds ids.
   *
   * @return the embedding of each text, [hiddenSize] numbers of length 1
   * @throws PolyLmException if a text is empty or longer than the model's context, or an id is out
   *     of range
   */
  public List<float[]> embedIds(List<int[]> texts) {
    for (int i = 0; i < texts.size(); i++) {
      check(i, texts.get(i));
    }
    if (texts.isEmpty()) {
      return List.of();
    }
    EmbeddingTask task = new EmbeddingTask(texts, dimensions.hiddenSize(), reproducible);
    // An embedding can be faster than the wait for it, which would then miss the interrupt.
    boolean interrupted = Thread.currentThread().isInterrupted();
    if (interrupted || runner.submit(task, Terms.defaults()).await().isPresent()) {
      throw new CancellationException("the embedding was cancelled");
    }
    return task.embeddings();
  }

  private int[] encode(String text) {
    requireNonNull(text, "text must not be null");
    if (tokenizer == null) {
      throw new PolyLmException("the model takes ids only: it has no tokenizer for a text");
    }
    tokenizer.checkFits(text, dimensions.contextLength());
    return text.isEmpty() ? new int[0] : tokenizer.encodePrompt(text, false);
  }

  private void check(int index, int[] ids) {
    int contextLength = dimensions.contextLength();
    if (ids.length == 0 || ids.length > contextLength) {
      throw new PolyLmException(
          "text %s has %s ids, expected 1 to %s, the model's context"
              .formatted(index, ids.length, contextLength));
    }
    dimensions.checkIds(ids);
  }
}
