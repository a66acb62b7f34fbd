package dev.polylm.internal.logits;

import dev.polylm.logits.TokenSequence;

/** Keeps the k largest logits, and those equal to the k-th. */
record TopK(int k, int minTokensToKeep) implements ChainStep {

  @Override
  public void apply(TokenSequence inputIds, float[] logits, Workspace workspace) {
    int kept = Math.min(Math.max(k, minTokensToKeep), logits.length);
    float least = TopN.valueAt(logits, kept, workspace);
    for (int id = 0; id < logits.length; id++) {
      if (logits[id] < least) {
        logits[id] = Float.NEGATIVE_INFINITY;
      }
    }
  }
}
