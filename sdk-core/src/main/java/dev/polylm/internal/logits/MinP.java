package dev.polylm.internal.logits;

import dev.polylm.logits.TokenSequence;

/**
 * Keeps ids at least minP times as likely as the likeliest (arXiv:2407.01082), and always the
 * {@code minTokensToKeep} likeliest.
 */
record MinP(double minP, int minTokensToKeep) implements ChainStep {

  @Override
  public void apply(TokenSequence inputIds, float[] logits, Workspace workspace) {
    Candidates candidates = workspace.candidates();
    candidates.softmax(logits);
    float least = (float) minP * candidates.maxProbability();
    Cutoff.apply(logits, workspace, least, minTokensToKeep);
  }
}
