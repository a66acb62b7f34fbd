package dev.polylm.internal.logits;

import dev.polylm.logits.LogitsProcessor;
import dev.polylm.logits.TokenSequence;

/**
 * Rules out each id that would complete a sequence of {@code size} ids that the row, prompt
 * included, already contains. A step takes time in proportion to the row's length, and up to {@code
 * size} times that if the row repeats itself.
 */
record NoRepeatNgram(int size) implements LogitsProcessor {

  @Override
  public void process(TokenSequence inputIds, float[] logits) {
    int prefixStart = inputIds.size() - (size - 1);
    for (int start = 0; start + size <= inputIds.size(); start++) {
      if (matches(inputIds, start, prefixStart)) {
        logits[inputIds.get(start + size - 1)] = Float.NEGATIVE_INFINITY;
      }
    }
  }

  private boolean matches(TokenSequence inputIds, int start, int prefixStart) {
    for (int i = 0; i < size - 1; i++) {
      if (inputIds.get(start + i) != inputIds.get(prefixStart + i)) {
        return false;
      }
    }
    return true;
  }
}
