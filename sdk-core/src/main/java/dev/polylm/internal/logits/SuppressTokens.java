package dev.polylm.internal.logits;

import dev.polylm.logits.LogitsProcessor;
import dev.polylm.logits.TokenSequence;

/** Rules out ids. */
final class SuppressTokens implements LogitsProcessor {
  private final int[] ids;

  SuppressTokens(int... ids) {
    this.ids = ids.clone();
  }

  @Override
  public void process(TokenSequence inputIds, float[] logits) {
    for (int id : ids) {
      logits[id] = Float.NEGATIVE_INFINITY;
    }
  }
}
