package dev.polylm.internal.logits;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MassSelectionTest {

  @Test
  void agreesWithSortingRandomValues() {
    Random random = new Random(4);
    for (int round = 0; round < 300; round++) {
      float[] values = new float[1 + random.nextInt(2000)];
      for (int i = 0; i < values.length; i++) {
        values[i] = round % 2 == 0 ? (float) random.nextGaussian() : random.nextInt(7) - 3;
      }
      assertAgrees(values, random.nextDouble());
    }
  }

  @Test
  void agreesWithSortingOrderedValues() {
    float[] ascending = new float[5000];
    float[] descending = new float[5000];
    float[] organPipe = new float[5000];
    float[] equal = new float[5000];
    for (int i = 0; i < ascending.length; i++) {
      ascending[i] = i * 0.001f;
      descending[i] = -i * 0.001f;
      organPipe[i] = Math.min(i, 5000 - i) * 0.002f;
    }
    for (float[] values : new float[][] {ascending, descending, organPipe, equal}) {
      for (double mass : new double[] {0, 0.3, 0.9, 0.999999, 2}) {
        assertAgrees(values, mass);
      }
    }
  }

  private static void assertAgrees(float[] values, double mass) {
    int size = values.length;
    float[] probabilities = new float[size];
    double total = 0;
    for (float value : values) {
      total += StrictMath.exp(value);
    }
    long[] keys = new long[size];
    for (int i = 0; i < size; i++) {
      probabilities[i] = (float) (StrictMath.exp(values[i]) / total);
      keys[i] = SortKey.of(values[i], i);
    }
    long[] sorted = keys.clone();
    Arrays.sort(sorted);
    int expected = 0;
    double before = 0;
    while (expected < size && before < mass) {
      before += probabilities[SortKey.position(sorted[size - 1 - expected++])];
    }

    int kept =
        MassSelection.prefix(keys, size, probabilities, (index, massBefore) -> massBefore < mass);

    assertThat(kept).isEqualTo(expected);
    long[] best = Arrays.copyOf(keys, kept);
    Arrays.sort(best);
    assertThat(best).isEqualTo(Arrays.copyOfRange(sorted, size - kept, size));
  }
}
