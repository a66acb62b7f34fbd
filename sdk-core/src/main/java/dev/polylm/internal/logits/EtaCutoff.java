package dev.polylm.internal.logits;

import dev.polylm.logits.TokenSequence;

/**
 * Keeps ids whose probability is at least eta = min(epsilon, sqrt(epsilon) exp(-entropy)), so that
 * the limit is lower if the model is unsure (arXiv:2210.15191), and always the {@code
 * minTokensToKeep} likeliest.
 */
record EtaCutoff(double epsilon, int minTokensToKeep) implements ChainStep {

  @Override
  public void apply(TokenSequence inputIds, float[] logits, Workspace workspace) {
    Candidates candidates = workspace.candidates();
    candidates.softmax(logits);
    float limit = (float) epsilon;
    float entropy = Math.max(Entropy.of(candidates, logits), 0);
    float unsure = (float) StrictMath.sqrt(limit) * (float) FixedExp.of(-entropy);
    Cutoff.apply(logits, workspace, Math.min(limit, unsure), minTokensToKeep);
  }
}
