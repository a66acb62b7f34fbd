package dev.polylm.internal.logits;

import dev.polylm.logits.LogitsProcessor;
import dev.polylm.logits.TokenSequence;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Rules out the last id of each sequence where the row ends with the ids before it: a {@link
 * SequenceBias} of minus infinity. A sequence that is nothing but an end-of-sequence id is left
 * out, as in Hugging Face, since a row could not end then.
 */
final class BadWords implements LogitsProcessor {
  private final SequenceBias bias;

  BadWords(List<List<Integer>> badWordsIds, List<Integer> eosTokenId) {
    Map<List<Integer>, Double> biases = new LinkedHashMap<>();
    for (List<Integer> word : badWordsIds) {
      if (word.size() > 1 || !eosTokenId.contains(word.get(0))) {
        biases.put(word, Double.NEGATIVE_INFINITY);
      }
    }
    bias = new SequenceBias(biases);
  }

  @Override
  public void process(TokenSequence inputIds, float[] logits) {
    bias.process(inputIds, logits);
  }
}
