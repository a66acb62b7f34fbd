package dev.polylm.internal.logits;

import dev.polylm.logits.TokenSequence;

/**
 * Makes every id of the prompt and the new ids less likely, once for each id: a negative logit is
 * multiplied by the penalty, any other is divided by it (arXiv:1909.05858). A penalty below 1
 * rewards repetition. A step takes time in proportion to the row's length.
 */
record RepetitionPenalty(float penalty) implements ChainStep {

  @Override
  public void apply(TokenSequence inputIds, float[] logits, Workspace workspace) {
    int[] seen = workspace.counts(logits.length);
    for (int i = 0; i < inputIds.size(); i++) {
      int id = inputIds.get(i);
      if (seen[id]++ == 0) {
        logits[id] = logits[id] < 0 ? logits[id] * penalty : logits[id] / penalty;
      }
    }
    for (int i = 0; i < inputIds.size(); i++) {
      seen[inputIds.get(i)] = 0;
    }
  }
}
