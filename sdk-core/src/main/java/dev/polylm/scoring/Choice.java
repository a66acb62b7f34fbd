package dev.polylm.scoring;

import dev.polylm.PolyLmException;
import java.util.List;

/**
 * Options for a model, each with the log-likelihood of its text.
 *
 * <pre>{@code
 * Choice choice = polyLm.choose("The film was great. The mood is", List.of(" good", " bad"));
 * System.out.println(choice.best() + " with " + choice.probabilities()[choice.bestIndex()]);
 * }</pre>
 *
 * @param options at least one
 * @param scores the score of each option
 */
public record Choice(List<String> options, List<Score> scores) {
  /**
   * Copies the lists.
   *
   * @throws PolyLmException if there is no option, or not one score for each
   */
  public Choice {
    options = List.copyOf(options);
    scores = List.copyOf(scores);
    if (options.isEmpty() || options.size() != scores.size()) {
      throw new PolyLmException(
          "a choice has %s options and %s scores, expected a score for each of one or more"
              .formatted(options.size(), scores.size()));
    }
  }

  /** Returns the option with the highest log-likelihood. Of several it is the first. */
  public String best() {
    return options.get(bestIndex());
  }

  /** Returns the index of {@link #best}. */
  public int bestIndex() {
    int best = 0;
    for (int i = 1; i < scores.size(); i++) {
      best = scores.get(i).sum() > scores.get(best).sum() ? i : best;
    }
    return best;
  }

  /** Returns the probability of each option if the answer is one of them. The sum is 1. */
  public double[] probabilities() {
    double max = scores.get(bestIndex()).sum();
    double[] shares = scores.stream().mapToDouble(s -> Math.exp(s.sum() - max)).toArray();
    double total = 0;
    for (double share : shares) {
      total += share;
    }
    for (int i = 0; i < shares.length; i++) {
      shares[i] /= total;
    }
    return shares;
  }
}
