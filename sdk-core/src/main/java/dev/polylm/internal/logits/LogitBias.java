package dev.polylm.internal.logits;

import dev.polylm.logits.LogitsProcessor;
import dev.polylm.logits.TokenSequence;
import java.util.Map;

/** Adds a bias to single ids, like OpenAI's {@code logit_bias}. A step costs their number. */
record LogitBias(Map<Integer, Double> biases) implements LogitsProcessor {

  @Override
  public void process(TokenSequence inputIds, float[] logits) {
    biases.forEach((id, bias) -> logits[id] += bias.floatValue());
  }
}
