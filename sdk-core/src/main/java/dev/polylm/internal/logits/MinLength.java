package dev.polylm.internal.logits;

import dev.polylm.logits.LogitsProcessor;
import dev.polylm.logits.TokenSequence;

/** Rules out the end of the row until it has its least length, prompt included. */
final class MinLength implements LogitsProcessor {
  private final int minLength;
  private final SuppressTokens end;

  MinLength(int minLength, int... eosTokenIds) {
    this.minLength = minLength;
    end = new SuppressTokens(eosTokenIds);
  }

  @Override
  public void process(TokenSequence inputIds, float[] logits) {
    if (inputIds.size() < minLength) {
      end.process(inputIds, logits);
    }
  }
}
