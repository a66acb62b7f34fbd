package dev.polylm.evaluation.metric;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Counts runs of tokens. */
final class Ngrams {
  private Ngrams() {}

  /** Returns how often each run of {@code order} tokens occurs. */
  static Map<List<String>, Integer> count(List<String> tokens, int order) {
    Map<List<String>, Integer> counts = new HashMap<>();
    for (int i = 0; i + order <= tokens.size(); i++) {
      counts.merge(tokens.subList(i, i + order), 1, Integer::sum); // the tokens don't change
    }
    return counts;
  }

  /** Returns how many runs the two have in common, each as often as in the one that has fewer. */
  static int common(Map<List<String>, Integer> one, Map<List<String>, Integer> other) {
    int common = 0;
    for (Map.Entry<List<String>, Integer> run : one.entrySet()) {
      common += Math.min(run.getValue(), other.getOrDefault(run.getKey(), 0));
    }
    return common;
  }
}
