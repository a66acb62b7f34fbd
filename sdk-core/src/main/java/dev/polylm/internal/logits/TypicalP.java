package dev.polylm.internal.logits;

import dev.polylm.logits.TokenSequence;

/**
 * Keeps the ids whose information is nearest to the expected information, the entropy, until their
 * probabilities add up to the mass (locally typical sampling, arXiv:2202.00666).
 */
record TypicalP(double mass, int minTokensToKeep) implements ChainStep {

  @Override
  public void apply(TokenSequence inputIds, float[] logits, Workspace workspace) {
    Candidates candidates = workspace.candidates();
    candidates.softmax(logits);
    float logSum = (float) StrictMath.log(candidates.sum());
    float entropy = entropy(candidates, logits, logSum);
    int size = candidates.size();
    long[] keys = workspace.keys(size);
    for (int i = 0; i < size; i++) {
      float logProbability = (logits[candidates.id(i)] - candidates.max()) - logSum;
      // Negated, because the greatest key comes first.
      keys[i] = SortKey.of(-Math.abs(-logProbability - entropy), i);
    }
    float limit = (float) mass;
    int kept =
        MassSelection.prefix(
            keys,
            size,
            candidates.probabilities(),
            (index, before) -> index < minTokensToKeep || (float) before < limit);
    removeAllBut(kept, keys, candidates, logits);
  }

  /** Returns the entropy with the rounding of torch.log_softmax, unlike {@link Entropy}. */
  private static float entropy(Candidates candidates, float[] logits, float logSum) {
    double entropy = 0;
    for (int i = 0; i < candidates.size(); i++) {
      float logProbability = (logits[candidates.id(i)] - candidates.max()) - logSum;
      entropy -= (double) logProbability * candidates.probability(i);
    }
    return (float) entropy;
  }

  /** Removes all but the kept ids. Ids as far from the entropy as the last kept id stay as well. */
  private static void removeAllBut(int kept, long[] keys, Candidates candidates, float[] logits) {
    float last = Float.POSITIVE_INFINITY;
    for (int i = 0; i < kept; i++) {
      last = Math.min(last, SortKey.value(keys[i]));
    }
    for (int i = kept; i < candidates.size(); i++) {
      if (SortKey.value(keys[i]) < last) {
        logits[candidates.id(SortKey.position(keys[i]))] = Float.NEGATIVE_INFINITY;
      }
    }
  }
}
