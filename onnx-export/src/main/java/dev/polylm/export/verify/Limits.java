package dev.polylm.export.verify;

import dev.polylm.PolyLmException;
import dev.polylm.export.Verification;
import java.util.Locale;

/**
 * How far a graph's logits may be from the checkpoint's.
 *
 * @param largestDifference as a multiple of the logits' spread
 * @param meanDifference as a multiple of the logits' spread
 * @param top1Agreement the least share
 * @param klDivergence in nats
 */
public record Limits(
    double largestDifference, double meanDifference, double top1Agreement, double klDivergence) {

  /**
   * Compares figures with the limits.
   *
   * @param weights the type of the graph's weights, for the message
   * @throws PolyLmException if one exceeds its limit; the message holds all figures
   */
  void check(Verification found, String weights) {
    boolean within =
        found.largestDifference() <= largestDifference * found.spread()
            && found.meanDifference() <= meanDifference * found.spread()
            && found.top1Agreement() >= top1Agreement
            && found.klDivergence() <= klDivergence;
    if (found.positions() > 0 && !within) {
      throw new PolyLmException(
          String.format(
              Locale.ROOT,
              "the exported graph does not compute what the checkpoint does: %s; expected for %s"
                  + " a largest difference of at most %.2g, mean %.2g, top-1 agreement of at least"
                  + " %.0f %%, KL divergence of at most %.2g",
              found,
              weights,
              largestDifference * found.spread(),
              meanDifference * found.spread(),
              100 * top1Agreement,
              klDivergence));
    }
  }
}
