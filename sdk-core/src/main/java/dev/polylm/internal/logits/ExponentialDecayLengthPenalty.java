package dev.polylm.internal.logits;

import dev.polylm.logits.LogitsProcessor;
import dev.polylm.logits.TokenSequence;

/**
 * Makes the end likelier with every new id after the first {@code start}: adds |logit| *
 * (factor^(new ids - start) - 1) to the end-of-sequence ids.
 *
 * <p>An end that is ruled out stays ruled out; torch's arithmetic would give NaN for minus infinity
 * plus infinity. A value that overflows becomes the largest float.
 */
final class ExponentialDecayLengthPenalty implements LogitsProcessor {
  private final int start;
  private final double factor;
  private final int[] eosTokenIds;

  ExponentialDecayLengthPenalty(int start, double factor, int... eosTokenIds) {
    this.start = start;
    this.factor = factor;
    this.eosTokenIds = eosTokenIds.clone();
  }

  @Override
  public void process(TokenSequence inputIds, float[] logits) {
    int past = inputIds.size() - inputIds.promptLength() - start;
    if (past <= 0) {
      return;
    }
    float growth = (float) Math.min(StrictMath.pow(factor, past) - 1, Float.MAX_VALUE);
    for (int id : eosTokenIds) {
      if (logits[id] != Float.NEGATIVE_INFINITY) {
        logits[id] = Math.min(logits[id] + Math.abs(logits[id]) * growth, Float.MAX_VALUE);
      }
    }
  }
}
