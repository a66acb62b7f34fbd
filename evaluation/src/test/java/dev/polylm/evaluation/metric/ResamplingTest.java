package dev.polylm.evaluation.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.polylm.PolyLmException;
import dev.polylm.evaluation.metric.Resampling.Difference;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleBiFunction;
import org.junit.jupiter.api.Test;

class ResamplingTest {
  /** Fifty of a hundred is 40.4% to 59.6%, none of ten up to 27.8%. */
  @Test
  void wilsonsIntervals() {
    assertInterval(Interval.ofProportion(50, 100), 0.4038315, 0.5961685);
    assertInterval(Interval.ofProportion(0, 10), 0, 0.2775328);
    assertInterval(Interval.ofProportion(10, 10), 0.7224672, 1);
  }

  private static void assertInterval(Interval interval, double low, double high) {
    assertThat(interval.low()).isCloseTo(low, within(1e-6));
    assertThat(interval.high()).isCloseTo(high, within(1e-6));
  }

  /** With 400 segments the bootstrap comes close to the normal distribution. */
  @Test
  void theIntervalOfAMeanIsThatOfTheNormalDistribution() {
    Interval interval = Resampling.interval(segments(400, 4), (sum, count) -> sum[0] / count);
    double half = 1.96 * Math.sqrt(0.25 * 0.75 / 400);
    assertThat(interval.low()).isCloseTo(0.25 - half, within(0.01));
    assertThat(interval.high()).isCloseTo(0.25 + half, within(0.01));
    assertThat(Resampling.interval(segments(400, 4), (sum, count) -> sum[0] / count))
        .isEqualTo(interval);
  }

  /** Returns segments of which every nth is right. */
  private static List<double[]> segments(int count, int nth) {
    List<double[]> segments = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      segments.add(new double[] {i % nth == 0 ? 1 : 0});
    }
    return segments;
  }

  @Test
  void comparesTwoSystems() {
    Difference worse =
        Resampling.compare(segments(200, 2), segments(200, 4), (sum, count) -> sum[0] / count);
    assertThat(worse.difference()).isCloseTo(-0.25, within(1e-12));
    assertThat(worse.interval().high()).isNegative();
    assertThat(worse.probability()).isLessThan(0.01);
    Difference same =
        Resampling.compare(segments(200, 2), segments(200, 2), (sum, count) -> sum[0] / count);
    assertThat(same.difference()).isZero();
    assertThat(same.probability()).isOne();
  }

  @Test
  void wrongNumbersAreNamed() {
    ToDoubleBiFunction<double[], Integer> mean = (sum, count) -> sum[0] / count;
    assertThatThrownBy(() -> Resampling.interval(List.of(), mean))
        .isInstanceOf(PolyLmException.class)
        .hasMessage("the number of segments is 0, must be at least 1");
    assertThatThrownBy(() -> Resampling.compare(segments(2, 1), segments(3, 1), mean))
        .isInstanceOf(PolyLmException.class)
        .hasMessage("the systems have 2 and 3 segments, expected as many");
    assertThatThrownBy(() -> Interval.ofProportion(0, 0))
        .isInstanceOf(PolyLmException.class)
        .hasMessage("trials is 0, must be at least 1");
    assertThatThrownBy(() -> Interval.ofProportion(2, 1))
        .isInstanceOf(PolyLmException.class)
        .hasMessage("successes are 2.0, must be 0 to 1");
    assertThatThrownBy(() -> new Rouge(Rouge.Tokens.GOOGLE, false).n(0, "a", "a"))
        .isInstanceOf(PolyLmException.class)
        .hasMessage("order is 0, must be at least 1");
  }
}
