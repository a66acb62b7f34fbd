package dev.polylm.internal.logits;

import dev.polylm.logits.TokenSequence;

/**
 * Keeps the smallest set of the likeliest ids whose probabilities add up to p (nucleus sampling,
 * arXiv:1904.09751).
 *
 * <p>torch sorts in ascending order and removes ids while the cumulated probability is at most 1 -
 * p. This class finds the same border from the other end, where it must look at few ids. Of equal
 * logits at the border, the lower ids stay; torch's sort leaves that open.
 */
record TopP(double p, int minTokensToKeep) implements ChainStep {

  @Override
  public void apply(TokenSequence inputIds, float[] logits, Workspace workspace) {
    Candidates candidates = workspace.candidates();
    candidates.softmax(logits);
    int size = candidates.size();
    long[] keys = workspace.keys(size);
    double total = 0;
    for (int i = 0; i < size; i++) {
      keys[i] = SortKey.of(logits[candidates.id(i)], i);
      total += candidates.probability(i);
    }
    double whole = total;
    float removed = (float) (1 - p);
    int kept =
        MassSelection.prefix(
            keys,
            size,
            candidates.probabilities(),
            (index, before) -> index < minTokensToKeep || (float) (whole - before) > removed);
    for (int i = kept; i < size; i++) {
      logits[candidates.id(SortKey.position(keys[i]))] = Float.NEGATIVE_INFINITY;
    }
  }
}
