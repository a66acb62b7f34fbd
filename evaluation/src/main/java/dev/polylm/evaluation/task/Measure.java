package dev.polylm.evaluation.task;

import dev.polylm.evaluation.metric.Interval;
import dev.polylm.evaluation.metric.Resampling;
import java.util.List;

/** Judges answers. A score is computed from the sum of the statistics of all items. */
public interface Measure {

  /** Returns the name in reports. */
  String title();

  /** Returns what was counted, for reports. */
  String signature(String language);

  /** Returns the statistics of one answer, always of the same length. */
  double[] statistics(Item item, Answer answer);

  /** Returns the score of summed statistics, from 0 to 100. */
  double score(double[] sum, int items);

  /** Returns the range that holds the score with 95% confidence. */
  default Interval interval(List<double[]> statistics) {
    return Resampling.interval(statistics, this::score);
  }

  /** Returns the score of items. */
  default double score(List<double[]> statistics) {
    double[] sum = new double[statistics.get(0).length];
    for (double[] item : statistics) {
      for (int i = 0; i < sum.length; i++) {
        sum[i] += item[i];
      }
    }
    return score(sum, statistics.size());
  }
}
