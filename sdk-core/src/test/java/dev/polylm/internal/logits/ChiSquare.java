package dev.polylm.internal.logits;

import static org.assertj.core.api.Assertions.assertThat;

/** Pearson's test of counts against probabilities. */
public final class ChiSquare {
  /** What a fair draw exceeds once in a thousand, by degrees of freedom; from the usual tables. */
  private static final double[] LIMIT = {
    0, 10.83, 13.82, 16.27, 18.47, 20.52, 22.46, 24.32, 26.12, 27.88, 29.59, 31.26, 32.91
  };

  private ChiSquare() {}

  /**
   * Asserts that counts may come from draws with given probabilities.
   *
   * @param weights of the outcomes, in any unit; an outcome of weight 0 must not have been drawn
   */
  public static void assertFair(int[] counts, double[] weights) {
    double total = 0;
    int draws = 0;
    for (int i = 0; i < weights.length; i++) {
      total += weights[i];
      draws += counts[i];
    }
    int possible = 0;
    double statistic = 0;
    for (int i = 0; i < weights.length; i++) {
      double expected = draws * weights[i] / total;
      if (expected == 0) {
        assertThat(counts[i]).as("draws of outcome %d", i).isZero();
      } else {
        statistic += (counts[i] - expected) * (counts[i] - expected) / expected;
        possible++;
      }
    }
    assertThat(statistic).isLessThan(possible == 1 ? 1e-9 : limit(possible - 1));
  }

  /** Beyond the table this is the approximation of Wilson and Hilferty. */
  private static double limit(int degrees) {
    double ninth = 2.0 / (9 * degrees);
    return degrees < LIMIT.length
        ? LIMIT[degrees]
        : degrees * Math.pow(1 - ninth + 3.0902 * Math.sqrt(ninth), 3);
  }
}
