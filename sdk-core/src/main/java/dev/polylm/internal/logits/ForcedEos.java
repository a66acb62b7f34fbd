package dev.polylm.internal.logits;

import dev.polylm.logits.LogitsProcessor;
import dev.polylm.logits.TokenSequence;
import java.util.Arrays;

/** Leaves only the given ids for the last place of the row. */
final class ForcedEos implements LogitsProcessor {
  private final int maxLength;
  private final int[] eosTokenIds;

  /**
   * @param maxLength the row's greatest length, prompt included
   */
  ForcedEos(int maxLength, int... eosTokenIds) {
    this.maxLength = maxLength;
    this.eosTokenIds = eosTokenIds.clone();
  }

  @Override
  public void process(TokenSequence inputIds, float[] logits) {
    if (inputIds.size() == maxLength - 1) {
      Arrays.fill(logits, Float.NEGATIVE_INFINITY);
      for (int id : eosTokenIds) {
        logits[id] = 0;
      }
    }
  }
}
