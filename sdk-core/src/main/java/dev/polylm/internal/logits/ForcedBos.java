package dev.polylm.internal.logits;

import dev.polylm.logits.LogitsProcessor;
import dev.polylm.logits.TokenSequence;
import java.util.Arrays;

/** Leaves only one id if the row has a single id so far, as translation models need. */
record ForcedBos(int bosTokenId) implements LogitsProcessor {

  @Override
  public void process(TokenSequence inputIds, float[] logits) {
    if (inputIds.size() == 1) {
      Arrays.fill(logits, Float.NEGATIVE_INFINITY);
      logits[bosTokenId] = 0;
    }
  }
}
