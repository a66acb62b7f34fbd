package dev.polylm.internal.logits;

import dev.polylm.logits.TokenSequence;

/**
 * Keeps ids whose probability is at least epsilon (arXiv:2210.15191), and always the {@code
 * minTokensToKeep} likeliest.
 */
record EpsilonCutoff(double epsilon, int minTokensToKeep) implements ChainStep {

  @Override
  public void apply(TokenSequence inputIds, float[] logits, Workspace workspace) {
    workspace.candidates().softmax(logits);
    Cutoff.apply(logits, workspace, (float) epsilon, minTokensToKeep);
  }
}
