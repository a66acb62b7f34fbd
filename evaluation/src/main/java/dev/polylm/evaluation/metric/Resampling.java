package dev.polylm.evaluation.metric;

import dev.polylm.PolyLmException;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleBiFunction;

/**
 * Bootstrap resampling: segments are drawn with replacement, and the score of each draw tells how
 * far the score of all can be trusted. The draws are the same in every run.
 *
 * <p>Source: P. Koehn, "Statistical significance tests for machine translation evaluation", 2004.
 */
public final class Resampling {
  /** How many times all segments are drawn. */
  public static final int DRAWS = 1000;

  private static final long SEED = 12345;

  private Resampling() {}

  /**
   * Returns the interval of a score.
   *
   * @param segments the statistics of each segment, all of one length
   * @param score the score of summed statistics and a number of segments
   * @throws PolyLmException if there are no segments
   */
  public static Interval interval(
      List<double[]> segments, ToDoubleBiFunction<double[], Integer> score) {
    Arguments.checkAtLeast("the number of segments", segments.size(), 1);
    SplittableRandom random = new SplittableRandom(SEED);
    double[] scores = new double[DRAWS];
    for (int draw = 0; draw < DRAWS; draw++) {
      scores[draw] =
          score.applyAsDouble(sum(segments, indices(random, segments.size())), segments.size());
    }
    return middle(scores);
  }

  /**
   * How two systems differ on the same segments.
   *
   * @param difference the second system's score minus the first's
   * @param interval of the difference
   * @param probability how likely a difference of this size is if the systems are equally good
   *     (two-sided)
   */
  public record Difference(double difference, Interval interval, double probability) {}

  /**
   * Compares two systems by drawing the same segments for both.
   *
   * @param first the statistics of each segment with the first system
   * @param second those with the second, in the same order
   * @throws PolyLmException if there are no segments, or the systems have not equally many
   */
  public static Difference compare(
      List<double[]> first, List<double[]> second, ToDoubleBiFunction<double[], Integer> score) {
    int count = first.size();
    Arguments.checkAtLeast("the number of segments", count, 1);
    if (second.size() != count) {
      throw new PolyLmException(
          "the systems have %s and %s segments, expected as many".formatted(count, second.size()));
    }
    SplittableRandom random = new SplittableRandom(SEED);
    double[] differences = new double[DRAWS];
    int notBelow = 0;
    int notAbove = 0;
    for (int draw = 0; draw < DRAWS; draw++) {
      int[] drawn = indices(random, count);
      differences[draw] =
          score.applyAsDouble(sum(second, drawn), count)
              - score.applyAsDouble(sum(first, drawn), count);
      notBelow += differences[draw] >= 0 ? 1 : 0;
      notAbove += differences[draw] <= 0 ? 1 : 0;
    }
    int[] all = new int[count];
    Arrays.setAll(all, i -> i);
    double difference =
        score.applyAsDouble(sum(second, all), count) - score.applyAsDouble(sum(first, all), count);
    double probability = Math.min(1, 2.0 * (Math.min(notBelow, notAbove) + 1) / (DRAWS + 1));
    return new Difference(difference, middle(differences), probability);
  }

  private static int[] indices(SplittableRandom random, int count) {
    int[] drawn = new int[count];
    Arrays.setAll(drawn, i -> random.nextInt(count));
    return drawn;
  }

  private static double[] sum(List<double[]> segments, int[] drawn) {
    double[] sum = new double[segments.get(0).length];
    for (int index : drawn) {
      double[] segment = segments.get(index);
      for (int i = 0; i < sum.length; i++) {
        sum[i] += segment[i];
      }
    }
    return sum;
  }

  /** Returns the middle 95% of some scores, as sacreBLEU takes it. */
  private static Interval middle(double[] scores) {
    Arrays.sort(scores);
    int cut = scores.length / 40;
    return new Interval(scores[cut], scores[scores.length - cut - 1]);
  }
}
