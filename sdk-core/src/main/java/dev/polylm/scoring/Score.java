package dev.polylm.scoring;

import dev.polylm.internal.scoring.TextSize;
import dev.polylm.logits.TokenLogProbability;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The log-likelihood of a continuation of a context. Immutable. */
public final class Score {
  private final float[] tokenLogprobs;
  private final double sum;
  private final boolean greedy;
  private final List<List<TokenLogProbability>> topLogprobs;
  private final @Nullable TextSize size;

  public Score(
      float[] tokenLogprobs,
      boolean greedy,
      List<List<TokenLogProbability>> topLogprobs,
      @Nullable TextSize size) {
    this.tokenLogprobs = tokenLogprobs;
    this.topLogprobs = List.copyOf(topLogprobs);
    this.greedy = greedy;
    this.size = size;
    double total = 0;
    for (float logprob : tokenLogprobs) {
      total += logprob;
    }
    this.sum = total;
  }

  /** The natural logarithm of the continuation's probability, the sum over its ids. */
  public double sum() {
    return sum;
  }

  /** The log-probability of each id of the continuation, given all before it. */
  public float[] tokenLogprobs() {
    return tokenLogprobs.clone();
  }

  /**
   * The likeliest ids in the place of each id of the continuation, the likeliest first; empty where
   * the call did not ask for them.
   */
  public List<List<TokenLogProbability>> topLogprobs() {
    return topLogprobs;
  }

  /** True where greedy decoding of the context would give just this continuation. */
  public boolean isGreedy() {
    return greedy;
  }

  /** The sum divided by the number of ids, as XNLI's evaluation of PolyLM does. */
  public double perToken() {
    return sum / tokenLogprobs.length;
  }

  /**
   * The sum divided by the bytes of the continuation in UTF-8.
   *
   * @throws IllegalStateException where ids were scored, not a text
   */
  public double perByte() {
    return sum / size().bytes();
  }

  /**
   * The sum divided by the characters (code points) of the continuation.
   *
   * @throws IllegalStateException where ids were scored, not a text
   */
  public double perCharacter() {
    return sum / size().characters();
  }

  private TextSize size() {
    if (size == null) {
      throw new IllegalStateException("ids were scored: the length of their text is not known");
    }
    return size;
  }
}
