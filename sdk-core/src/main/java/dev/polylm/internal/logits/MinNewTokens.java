package dev.polylm.internal.logits;

import dev.polylm.logits.LogitsProcessor;
import dev.polylm.logits.TokenSequence;

/** Rules out the end of the row until it has its least number of new ids. */
final class MinNewTokens implements LogitsProcessor {
  private final int minNewTokens;
  private final SuppressTokens end;

  MinNewTokens(int minNewTokens, int... eosTokenIds) {
    this.minNewTokens = minNewTokens;
    end = new SuppressTokens(eosTokenIds);
  }

  @Override
  public void process(TokenSequence inputIds, float[] logits) {
    if (inputIds.size() - inputIds.promptLength() < minNewTokens) {
      end.process(inputIds, logits);
    }
  }
}
