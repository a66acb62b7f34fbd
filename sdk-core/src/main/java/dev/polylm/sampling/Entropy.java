package dev.polylm.sampling;

/** The entropy of the workspace's candidates, in nats. */
final class Entropy {
  private Entropy() {}

  static double of(Candidates candidates, float[] logits) {
    float logSum = logSum(candidates);
    double entropy = 0;
    for (int i = 0; i < candidates.size(); i++) {
      float logProbability = (logits[candidates.id(i)] - candidates.max()) - logSum;
      entropy -= (double) logProbability * candidates.probability(i);
    }
    // One certain id may give -0 or a rounding error below it.
    return Math.max(entropy, 0);
  }

  /** The logarithm of the softmax's divisor; logit - max - logSum is the log-probability. */
  static float logSum(Candidates candidates) {
    return (float) StrictMath.log(candidates.sum());
  }
}
