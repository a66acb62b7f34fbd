package dev.polylm.internal.logits;

import dev.polylm.logits.LogitsProcessor;
import dev.polylm.logits.TokenSequence;

/**
 * Rules out ids as the first new id, or as the second if the first is forced: after a prompt of one
 * id {@link ForcedBos} decides the first.
 */
final class SuppressTokensAtBegin implements LogitsProcessor {
  private final SuppressTokens suppressed;
  private final boolean firstIsForced;

  SuppressTokensAtBegin(boolean firstIsForced, int... ids) {
    this.firstIsForced = firstIsForced;
    suppressed = new SuppressTokens(ids);
  }

  @Override
  public void process(TokenSequence inputIds, float[] logits) {
    int prompt = inputIds.promptLength();
    if (inputIds.size() == (firstIsForced && prompt <= 1 ? prompt + 1 : prompt)) {
      suppressed.process(inputIds, logits);
    }
  }
}
