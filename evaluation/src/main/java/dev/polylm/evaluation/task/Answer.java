package dev.polylm.evaluation.task;

import java.util.List;

/** A model's answer to an item. */
public sealed interface Answer {

  /** Returns how many ids the model scored or wrote. */
  int tokenCount();

  /**
   * The likelihoods of the options.
   *
   * @param sums the log-likelihood of each
   * @param tokens how many ids each has
   */
  record Likelihoods(List<Double> sums, List<Integer> tokens) implements Answer {
    @Override
    public int tokenCount() {
      return tokens.stream().mapToInt(Integer::intValue).sum();
    }
  }

  /**
   * A text.
   *
   * @param text the answer as the model wrote it
   * @param tokenCount how many ids the model wrote
   */
  record Text(String text, int tokenCount) implements Answer {}
}
