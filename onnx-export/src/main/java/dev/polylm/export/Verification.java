package dev.polylm.export;

import java.util.Locale;

/**
 * How much an exported graph's logits differ from its checkpoint's at some positions.
 *
 * <pre>{@code
 * ExportOptions options = ExportOptions.builder(Path.of("polylm-1.7b"), Path.of("out")).build();
 * Verification found = Exporter.export(options, ExportListener.NONE).verification();
 * System.out.println(found == null ? "not verified" : found.toString());
 * }</pre>
 *
 * @param sequences how many token sequences were run
 * @param positions how many positions were compared; a position at which the checkpoint's logits
 *     are not finite is left out
 * @param largestDifference the largest difference of two logits
 * @param meanDifference the mean of all differences' absolute values
 * @param spread the standard deviation of the checkpoint's logits at a position, on average; it is
 *     the scale for the differences
 * @param top1Agreement the share of positions at which both have the same most likely token
 * @param klDivergence the divergence of the graph's distribution of the next token from the
 *     checkpoint's, on average, in nats
 */
public record Verification(
    int sequences,
    int positions,
    double largestDifference,
    double meanDifference,
    double spread,
    double top1Agreement,
    double klDivergence) {

  /** Returns the figures on one line. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "logits of %d positions in %d sequences, spread %.3g: largest difference %.2g, mean %.2g,"
            + " top-1 agreement %.1f %%, KL divergence %.2g",
        positions,
        sequences,
        spread,
        largestDifference,
        meanDifference,
        100 * top1Agreement,
        klDivergence);
  }
}
