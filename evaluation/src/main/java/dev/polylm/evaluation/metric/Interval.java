package dev.polylm.evaluation.metric;

import dev.polylm.PolyLmException;

/**
 * A range that holds a score with 95% confidence.
 *
 * @param low its lower end
 * @param high its upper end
 */
public record Interval(double low, double high) {
  /** The 97.5% quantile of the normal distribution. */
  private static final double Z = 1.959963984540054;

  /**
   * Returns Wilson's score interval of a proportion, from 0 to 1.
   *
   * <p>Source: E. B. Wilson, "Probable inference, the law of succession, and statistical
   * inference", 1927.
   *
   * @param successes how many of the trials succeeded
   * @param trials at least 1
   * @throws PolyLmException if there are fewer trials than 1 or than successes
   */
  public static Interval ofProportion(double successes, int trials) {
    Arguments.checkAtLeast("trials", trials, 1);
    if (!(successes >= 0 && successes <= trials)) {
      throw new PolyLmException("successes are %s, must be 0 to %s".formatted(successes, trials));
    }
    double share = successes / trials;
    double square = Z * Z / trials;
    double centre = (share + square / 2) / (1 + square);
    double half =
        Z * Math.sqrt(share * (1 - share) / trials + square / (4.0 * trials)) / (1 + square);
    return new Interval(Math.max(0, centre - half), Math.min(1, centre + half));
  }
}
