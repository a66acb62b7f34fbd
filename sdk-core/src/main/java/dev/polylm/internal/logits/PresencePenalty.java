package dev.polylm.internal.logits;

import dev.polylm.logits.TokenSequence;

/**
 * Subtracts the penalty once from the logit of each id that is among the new ids. The prompt does
 * not count. This is the presence term of OpenAI's API; {@link FrequencyPenalty} is the other term.
 */
record PresencePenalty(float penalty) implements ChainStep {

  @Override
  public void apply(TokenSequence inputIds, float[] logits, Workspace workspace) {
    int[] seen = workspace.counts(logits.length);
    for (int i = inputIds.promptLength(); i < inputIds.size(); i++) {
      int id = inputIds.get(i);
      if (seen[id]++ == 0) {
        logits[id] -= penalty;
      }
    }
    for (int i = inputIds.promptLength(); i < inputIds.size(); i++) {
      seen[inputIds.get(i)] = 0;
    }
  }
}
