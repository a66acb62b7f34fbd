package dev.polylm.internal.logits;

/**
 * The entropy of the workspace's candidates in nats, with the rounding of
 * torch.distributions.Categorical(logits=...).entropy(). There the precision depends on the size of
 * the logits, not on their distance from the largest.
 */
final class Entropy {
  private Entropy() {}

  static float of(Candidates candidates, float[] logits) {
    float logSumExp = logSumExp(candidates.sum(), candidates.max());
    double entropy = 0;
    for (int i = 0; i < candidates.size(); i++) {
      entropy -= (double) (logits[candidates.id(i)] - logSumExp) * candidates.probability(i);
    }
    return (float) entropy;
  }

  /**
   * Computes torch.logsumexp.
   *
   * @param sum the sum of exp(logit - max)
   */
  static float logSumExp(float sum, float max) {
    return (float) StrictMath.log(sum) + max;
  }
}
