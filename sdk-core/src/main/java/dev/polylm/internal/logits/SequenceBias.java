package dev.polylm.internal.logits;

import dev.polylm.logits.LogitsProcessor;
import dev.polylm.logits.TokenSequence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Adds a bias to the last id of a sequence if the row ends with the ids before it. A single id
 * always gets its bias. Several biases of one id are first added up.
 */
final class SequenceBias implements LogitsProcessor {

  /** The sequences that end in one id. Single ids come first, because they are added first. */
  private record Target(int id, List<Entry> entries) {}

  private record Entry(List<Integer> sequence, float bias) {}

  private final List<Target> targets = new ArrayList<>();

  /**
   * @param biases the biases by sequence; no sequence is empty
   */
  SequenceBias(Map<List<Integer>, Double> biases) {
    Map<Integer, List<Entry>> byLast = new LinkedHashMap<>();
    biases.forEach(
        (sequence, bias) -> {
          List<Entry> entries =
              byLast.computeIfAbsent(sequence.get(sequence.size() - 1), last -> new ArrayList<>());
          int place = sequence.size() == 1 ? 0 : entries.size();
          entries.add(place, new Entry(List.copyOf(sequence), bias.floatValue()));
        });
    byLast.forEach((id, entries) -> targets.add(new Target(id, entries)));
  }

  @Override
  public void process(TokenSequence inputIds, float[] logits) {
    for (Target target : targets) {
      float bias = 0;
      for (Entry entry : target.entries) {
        if (completes(entry.sequence, inputIds)) {
          bias += entry.bias;
        }
      }
      logits[target.id] += bias;
    }
  }

  /**
   * Returns whether the row ends with the ids before the last id. As in Hugging Face, this is false
   * if the row is shorter than the whole sequence.
   */
  private static boolean completes(List<Integer> sequence, TokenSequence inputIds) {
    int prefix = sequence.size() - 1;
    if (prefix > 0 && sequence.size() > inputIds.size()) {
      return false;
    }
    int start = inputIds.size() - prefix;
    for (int i = 0; i < prefix; i++) {
      if (sequence.get(i) != inputIds.get(start + i)) {
        return false;
      }
    }
    return true;
  }
}
