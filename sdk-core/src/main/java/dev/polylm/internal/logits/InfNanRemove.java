package dev.polylm.internal.logits;

import dev.polylm.logits.LogitsProcessor;
import dev.polylm.logits.TokenSequence;

/** Replaces NaN by 0 and the infinities by the largest and the lowest float. */
record InfNanRemove() implements LogitsProcessor {

  @Override
  public void process(TokenSequence inputIds, float[] logits) {
    for (int id = 0; id < logits.length; id++) {
      float logit = logits[id];
      if (Float.isNaN(logit)) {
        logits[id] = 0;
      } else if (Float.isInfinite(logit)) {
        logits[id] = Math.copySign(Float.MAX_VALUE, logit);
      }
    }
  }
}
