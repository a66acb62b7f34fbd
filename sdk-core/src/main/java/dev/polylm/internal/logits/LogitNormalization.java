package dev.polylm.internal.logits;

import dev.polylm.logits.LogitsProcessor;
import dev.polylm.logits.TokenSequence;

/** Turns the logits into log-probabilities, so that their exponentials add up to 1. */
record LogitNormalization() implements LogitsProcessor {

  @Override
  public void process(TokenSequence inputIds, float[] logits) {
    LogSoftmax.inPlace(logits);
  }
}
