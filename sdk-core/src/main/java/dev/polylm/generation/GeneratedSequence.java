package dev.polylm.generation;

import dev.polylm.sampling.TokenLogProbability;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** One answer to a prompt. Immutable. */
public final class GeneratedSequence {
  private final int[] ids;
  private final @Nullable String text;
  private final FinishReason finishReason;
  private final OptionalDouble score;
  private final float[] tokenLogprobs;
  private final List<List<TokenLogProbability>> topLogprobs;

  GeneratedSequence(Hypothesis hypothesis, @Nullable String text) {
    this.ids = hypothesis.newIds();
    this.text = text;
    this.finishReason = hypothesis.finishReason();
    this.score = hypothesis.score();
    this.tokenLogprobs = hypothesis.tokenLogprobs();
    this.topLogprobs = hypothesis.topLogprobs();
  }

  /** The new ids, with the one that ended the sequence. */
  public int[] ids() {
    return ids.clone();
  }

  /**
   * The new ids as text, without special tokens, ended at a stop string.
   *
   * @throws IllegalStateException where the model takes ids only
   */
  public String text() {
    if (text == null) {
      throw new IllegalStateException("the model has no tokenizer: it gives ids only");
    }
    return text;
  }

  /** Why it ended. */
  public FinishReason finishReason() {
    return finishReason;
  }

  /**
   * Beam search's score: the sum of the ids' processed log-probabilities, divided by
   * length^lengthPenalty; empty without beams, and where it was cancelled before the first id.
   */
  public OptionalDouble score() {
    return score;
  }

  /**
   * The model's own log-probability of each new id, before any processing; empty where the request
   * did not ask.
   */
  public float[] tokenLogprobs() {
    return tokenLogprobs.clone();
  }

  /**
   * The likeliest ids in the place of each new id, the likeliest first, before any processing;
   * empty where the request did not ask with topLogprobs.
   */
  public List<List<TokenLogProbability>> topLogprobs() {
    return topLogprobs;
  }
}
