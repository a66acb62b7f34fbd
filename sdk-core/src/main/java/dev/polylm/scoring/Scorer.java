package dev.polylm.scoring;

import dev.polylm.PolyLmException;
import dev.polylm.model.ModelDimensions;
import dev.polylm.runtime.DecodingRunner;
import dev.polylm.runtime.DecodingTerms;
import dev.polylm.runtime.DecodingTicket;
import dev.polylm.tokenizer.Tokenizer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Scores texts.
 *
 * <p>Thread-safe.
 */
public final class Scorer {
  private final ModelDimensions dimensions;
  private final DecodingRunner runner;
  private final @Nullable Tokenizer tokenizer;

  /**
   * @param dimensions the model's
   * @param runner runs the model
   * @param tokenizer null where the model takes ids only
   */
  public Scorer(ModelDimensions dimensions, DecodingRunner runner, @Nullable Tokenizer tokenizer) {
    this.dimensions = dimensions;
    this.runner = runner;
    this.tokenizer = tokenizer;
  }

  /**
   * Scores a text that follows another.
   *
   * <p>Both are tokenized as one text, since that is what the model would read. Where an id spans
   * the border it belongs to the continuation.
   *
   * @throws PolyLmException as for ids; where the model takes ids only
   */
  public Score score(String context, String continuation) {
    int[] contextIds = encode(context);
    int[] allIds = encode(context + continuation);
    int shared = Arrays.mismatch(contextIds, allIds);
    int border = shared < 0 ? contextIds.length : shared;
    return score(Arrays.copyOf(allIds, border), Arrays.copyOfRange(allIds, border, allIds.length));
  }

  /**
   * Scores ids that follow others.
   *
   * @throws PolyLmException where context or continuation is empty, they are longer than the
   *     model's context together, or an id is out of range
   */
  public Score score(int[] contextIds, int[] continuationIds) {
    if (contextIds.length == 0 || continuationIds.length == 0) {
      throw new PolyLmException(
          "the context has %d ids, the continuation %d; each needs at least one"
              .formatted(contextIds.length, continuationIds.length));
    }
    int[] ids = Arrays.copyOf(contextIds, contextIds.length + continuationIds.length);
    System.arraycopy(continuationIds, 0, ids, contextIds.length, continuationIds.length);
    return scoreFrom(ids, contextIds.length);
  }

  /**
   * The perplexity of a text: e to the mean negative log-probability of its ids after the first.
   *
   * @throws PolyLmException as for ids; where the model takes ids only
   */
  public double perplexity(String text) {
    return perplexity(encode(text));
  }

  /**
   * The perplexity of ids: e to the mean negative log-probability of those after the first.
   *
   * @throws PolyLmException where there are fewer than two or more than the model's context, or one
   *     is out of range
   */
  public double perplexity(int[] ids) {
    if (ids.length < 2) {
      throw new PolyLmException(
          "the text has %d ids, perplexity needs at least two".formatted(ids.length));
    }
    return Math.exp(-scoreFrom(ids, 1).sum() / (ids.length - 1));
  }

  private int[] encode(String text) {
    if (tokenizer == null) {
      throw new PolyLmException("the model takes ids only: it has no tokenizer for a text");
    }
    return tokenizer.encodePrompt(text, false);
  }

  /** Scores the ids from a position on, which is at least 1. */
  private Score scoreFrom(int[] ids, int first) {
    if (ids.length > dimensions.contextLength()) {
      throw new PolyLmException(
          "the text has %d ids, the model's context is %d"
              .formatted(ids.length, dimensions.contextLength()));
    }
    dimensions.checkIds(ids);
    ScoringTask task = new ScoringTask(ids, first, dimensions.vocabSize());
    DecodingTicket.Outcome outcome = runner.submit(task, DecodingTerms.defaults()).await();
    if (outcome != DecodingTicket.Outcome.FINISHED) {
      throw new PolyLmException("the request was ended before it was answered: " + outcome);
    }
    return task.score();
  }
}
