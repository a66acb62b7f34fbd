package dev.polylm.internal.logits;

import dev.polylm.logits.LogitsProcessor;
import dev.polylm.logits.TokenSequence;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Adds a bias to the last id of a sequence if the row ends with the ids before it. A single id
 * always gets its bias. Several biases of one id are first added up.
 *
 * <p>A step takes time in proportion to the number of single ids, plus the sequences whose last id
 * but one is the row's last.
 */
final class SequenceBias implements LogitsProcessor {
  private record Entry(List<Integer> sequence, float bias) {
    int last() {
      return sequence.get(sequence.size() - 1);
    }
  }

  private final int[] singleIds;
  private final float[] singleBiases; // [singleIds]
  private final Map<Integer, Float> singles = new LinkedHashMap<>();
  private final Map<Integer, List<Entry>> byLastButOne = new HashMap<>();

  /**
   * @param biases the biases by sequence; no sequence is empty
   */
  SequenceBias(Map<List<Integer>, Double> biases) {
    biases.forEach((sequence, bias) -> add(sequence, bias.floatValue()));
    singleIds = singles.keySet().stream().mapToInt(Integer::intValue).toArray();
    singleBiases = new float[singleIds.length];
    for (int i = 0; i < singleIds.length; i++) {
      singleBiases[i] = singles.getOrDefault(singleIds[i], 0f);
    }
  }

  private void add(List<Integer> sequence, float bias) {
    int length = sequence.size();
    if (length == 1) {
      singles.put(sequence.get(0), bias);
    } else {
      byLastButOne
          .computeIfAbsent(sequence.get(length - 2), id -> new ArrayList<>())
          .add(new Entry(List.copyOf(sequence), bias));
    }
  }

  @Override
  public void process(TokenSequence inputIds, float[] logits) {
    Map<Integer, Float> sums = sums(inputIds);
    sums.forEach((id, sum) -> logits[id] += sum);
    boolean apart = sums.isEmpty();
    for (int i = 0; i < singleIds.length; i++) {
      if (apart || !sums.containsKey(singleIds[i])) {
        logits[singleIds[i]] += singleBiases[i];
      }
    }
  }

  /** Returns the sums of biases of the ids that complete a sequence of several ids. */
  private Map<Integer, Float> sums(TokenSequence inputIds) {
    List<Entry> entries = byLastButOne.get(inputIds.get(inputIds.size() - 1));
    if (entries == null) {
      return Map.of();
    }
    Map<Integer, Float> sums = new HashMap<>();
    for (Entry entry : entries) {
      if (isCompleted(entry.sequence, inputIds)) {
        float sum = sums.getOrDefault(entry.last(), singles.getOrDefault(entry.last(), 0f));
        sums.put(entry.last(), sum + entry.bias);
      }
    }
    return sums;
  }

  /**
   * Returns whether the row ends with the ids before the last id. As in Hugging Face, this is false
   * if the row is shorter than the whole sequence.
   */
  private static boolean isCompleted(List<Integer> sequence, TokenSequence inputIds) {
    if (sequence.size() > inputIds.size()) {
      return false;
    }
    int start = inputIds.size() - (sequence.size() - 1);
    for (int i = 0; i < sequence.size() - 1; i++) {
      if (sequence.get(i) != inputIds.get(start + i)) {
        return false;
      }
    }
    return true;
  }
}
