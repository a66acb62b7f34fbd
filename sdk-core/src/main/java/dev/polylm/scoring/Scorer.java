package dev.polylm.scoring;

import dev.polylm.PolyLmException;
import dev.polylm.runtime.Decoder;
import dev.polylm.runtime.DecoderState;
import dev.polylm.sampling.ArgMax;
import dev.polylm.sampling.LogSoftmax;
import dev.polylm.tokenizer.Tokenizer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Scores texts, each on the calling thread with a cache of its own.
 *
 * <p>Thread-safe.
 */
public final class Scorer {
  /** Logits that are wanted of a run at most, in floats: 32 MB of them. */
  private static final int LOGITS_LIMIT = 8 << 20;

  private final Decoder decoder;
  private final @Nullable Tokenizer tokenizer;

  /**
   * @param tokenizer null where the model takes ids only
   */
  public Scorer(Decoder decoder, @Nullable Tokenizer tokenizer) {
    this.decoder = decoder;
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
    int contextLength = decoder.dimensions().contextLength();
    if (ids.length > contextLength) {
      throw new PolyLmException(
          "the text has %d ids, the model's context is %d".formatted(ids.length, contextLength));
    }
    decoder.dimensions().checkIds(ids);
    int vocabSize = decoder.dimensions().vocabSize();
    int chunk = Math.max(1, LOGITS_LIMIT / vocabSize);
    float[] tokenLogprobs = new float[ids.length - first];
    boolean greedy = true;
    try (DecoderState state =
        decoder.newState(1, ids.length - 1, Math.min(chunk, tokenLogprobs.length))) {
      if (first > 1) {
        state.prefill(0, ids, 0, first - 1);
      }
      float[] logits = new float[vocabSize];
      for (int from = first - 1; from < ids.length - 1; ) {
        int to = Math.min(from + state.logitsRowsLimit(), ids.length - 1);
        state.prefillWithAllLogits(0, ids, from, to);
        for (int i = from; i < to; i++) {
          state.copyLogits(i - from, logits);
          tokenLogprobs[i + 1 - first] = LogSoftmax.logProbability(logits, ids[i + 1]);
          greedy &= ArgMax.of(logits) == ids[i + 1];
        }
        from = to;
      }
    }
    return new Score(tokenLogprobs, greedy);
  }
}
