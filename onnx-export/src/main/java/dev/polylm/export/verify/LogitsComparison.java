package dev.polylm.export.verify;

import dev.polylm.export.Verification;

/** Measures how much rows of logits differ. Not thread-safe. */
final class LogitsComparison {
  private int rows;
  private int agreeing;
  private long logits;
  private double largest;
  private double sum;
  private double spread;
  private double divergence;

  /**
   * Compares the logits of a position.
   *
   * @param expected [vocabSize], the checkpoint's logits
   * @param found [vocabSize], the graph's logits
   */
  void add(float[] expected, float[] found) {
    double mean = 0;
    for (float logit : expected) {
      mean += logit / expected.length;
    }
    if (!Double.isFinite(mean)) {
      return;
    }
    double variance = 0;
    for (int id = 0; id < expected.length; id++) {
      double difference = Math.abs((double) found[id] - expected[id]);
      // A logit that is not a number counts as an infinite difference.
      difference = Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference;
      largest = Math.max(largest, difference);
      sum += difference;
      variance += (expected[id] - mean) * (expected[id] - mean);
    }
    rows++;
    logits += expected.length;
    spread += Math.sqrt(variance / expected.length);
    agreeing += expected[best(found)] >= expected[best(expected)] ? 1 : 0;
    divergence += divergence(expected, found);
  }

  Verification figures(int sequences) {
    double count = Math.max(1, rows);
    return new Verification(
        sequences,
        rows,
        largest,
        sum / Math.max(1, logits),
        spread / count,
        agreeing / count,
        divergence / count);
  }

  private static int best(float[] row) {
    int best = 0;
    for (int id = 1; id < row.length; id++) {
      best = row[id] > row[best] ? id : best;
    }
    return best;
  }

  /**
   * Returns the divergence of q from p: the sum of p log(p / q); infinite if q has no finite
   * logits.
   */
  private static double divergence(float[] pLogits, float[] qLogits) {
    double pNormalizer = logSumExp(pLogits);
    double qNormalizer = logSumExp(qLogits);
    double sum = 0;
    for (int id = 0; id < pLogits.length; id++) {
      double p = pLogits[id] - pNormalizer;
      sum += Math.exp(p) * (p - (qLogits[id] - qNormalizer));
    }
    return Double.isNaN(sum) ? Double.POSITIVE_INFINITY : Math.max(0, sum);
  }

  private static double logSumExp(float[] row) {
    double max = row[best(row)];
    double sum = 0;
    for (float logit : row) {
      sum += Math.exp(logit - max);
    }
    return max + Math.log(sum);
  }
}
