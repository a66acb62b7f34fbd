package dev.polylm.internal.logits;

import dev.polylm.logits.LogitsProcessor;
import dev.polylm.logits.TokenSequence;

/**
 * Divides every logit by the temperature: above 1 the distribution flattens, below 1 it sharpens.
 */
record Temperature(float temperature) implements LogitsProcessor {

  @Override
  public void process(TokenSequence inputIds, float[] logits) {
    for (int id = 0; id < logits.length; id++) {
      logits[id] /= temperature;
    }
  }
}
