package dev.polylm.scoring;

/** The log-likelihood of a continuation of a context. Immutable. */
public final class Score {
  private final float[] tokenLogprobs;
  private final double sum;
  private final boolean greedy;

  Score(float[] tokenLogprobs, boolean greedy) {
    this.tokenLogprobs = tokenLogprobs;
    this.greedy = greedy;
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

  /** True where greedy decoding of the context would give just this continuation. */
  public boolean isGreedy() {
    return greedy;
  }
}
