package dev.polylm.internal.logits;

import dev.polylm.logits.LogitsProcessor;
import dev.polylm.logits.TokenSequence;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Rules out the last id of each sequence if the row ends with the ids before it: a {@link
 * SequenceBias} of minus infinity. As in Hugging Face, a sequence of only an end-of-sequence id is
 * ignored, because the row could not end otherwise. A step costs what that of a SequenceBias does.
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
