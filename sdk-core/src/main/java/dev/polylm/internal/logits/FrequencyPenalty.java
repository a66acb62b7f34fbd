package dev.polylm.internal.logits;

import dev.polylm.logits.TokenSequence;

/**
 * Subtracts from an id's logit the penalty times the number of times that the id occurs among the
 * new ids. The prompt does not count. This is the frequency term of OpenAI's API: {@code mu[j] -
 * c[j] * alpha_frequency - float(c[j] > 0) * alpha_presence}.
 */
record FrequencyPenalty(float penalty) implements ChainStep {

  @Override
  public void apply(TokenSequence inputIds, float[] logits, Workspace workspace) {
    int[] counts = workspace.counts(logits.length);
    for (int i = inputIds.promptLength(); i < inputIds.size(); i++) {
      counts[inputIds.get(i)]++;
    }
    for (int i = inputIds.promptLength(); i < inputIds.size(); i++) {
      int id = inputIds.get(i);
      // Has no effect the second time, because the count is then zero.
      logits[id] -= counts[id] * penalty;
      counts[id] = 0;
    }
  }
}
