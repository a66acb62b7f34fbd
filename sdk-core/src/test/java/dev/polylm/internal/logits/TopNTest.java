package dev.polylm.internal.logits;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TopNTest {
  private static final float NONE = Float.NEGATIVE_INFINITY;

  @Test
  void agreesWithSorting() {
    Random random = new Random(8);
    for (int round = 0; round < 200; round++) {
      float[] values = new float[1 + random.nextInt(300)];
      for (int i = 0; i < values.length; i++) {
        // Few different values, so that many are equal.
        values[i] = random.nextInt(10) == 0 ? NONE : random.nextInt(40) - 20;
      }
      int n = random.nextInt(values.length + 2);
      int[] sorted =
          IntStream.range(0, values.length)
              .filter(i -> values[i] > NONE)
              .boxed()
              .sorted(Comparator.<Integer, Float>comparing(i -> -values[i]))
              .limit(n)
              .mapToInt(Integer::intValue)
              .toArray();
      assertThat(TopN.of(values, n)).isEqualTo(sorted);
    }
  }

  @Test
  void leavesOutNan() {
    assertThat(TopN.of(new float[] {1, Float.NaN, 3, NONE}, 4)).containsExactly(2, 0);
    assertThat(TopN.of(new float[] {1, 2}, 0)).isEmpty();
  }

  @Test
  void givesTheValueAtARank() {
    Workspace workspace = new Workspace();
    float[] values = {5, 1, 5, 3, NONE};
    assertThat(TopN.valueAt(values, 1, workspace)).isEqualTo(5);
    assertThat(TopN.valueAt(values, 2, workspace)).isEqualTo(5);
    assertThat(TopN.valueAt(values, 3, workspace)).isEqualTo(3);
    assertThat(TopN.valueAt(values, 4, workspace)).isEqualTo(1);
    assertThat(TopN.valueAt(values, 5, workspace)).isEqualTo(NONE);
  }
}
