package dev.polylm.export.weights;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class DeinterleavedTensorTest {
  /** Two heads of width 2; a value names its head, its part (1 is Q) and its place. */
  private static final float[] BY_HEADS = {
    110, 111, 120, 121, 130, 131, 210, 211, 220, 221, 230, 231
  };

  private static final float[] BY_PARTS = {
    110, 111, 210, 211, 120, 121, 220, 221, 130, 131, 230, 231
  };

  @Test
  void vectors() {
    DeinterleavedTensor bias = new DeinterleavedTensor(ArrayTensor.of("bias", BY_HEADS, 12), 2, 0);

    assertThat(read(bias, 0, 12)).containsExactly(BY_PARTS);
    for (int from = 0; from < 12; from++) {
      assertThat(read(bias, from, 1)).containsExactly(BY_PARTS[from]);
    }
    assertThat(read(bias, 3, 4)).containsExactly(211, 120, 121, 220);
  }

  @Test
  void rowsOfLinear() {
    float[] stored = new float[24];
    for (int i = 0; i < 24; i++) {
      stored[i] = BY_HEADS[i / 2] * 10 + i % 2;
    }
    DeinterleavedTensor weight =
        new DeinterleavedTensor(ArrayTensor.of("weight", stored, 12, 2), 2, 0);

    assertThat(read(weight, 3, 5)).containsExactly(1111, 2100, 2101, 2110, 2111);
    assertThat(weight.shape()).containsExactly(12L, 2L);
  }

  @Test
  void columnsOfConv1D() {
    float[] stored = new float[24];
    for (int i = 0; i < 24; i++) {
      int row = i / 12;
      stored[i] = BY_HEADS[i % 12] * 10 + row;
    }
    DeinterleavedTensor weight =
        new DeinterleavedTensor(ArrayTensor.of("weight", stored, 2, 12), 2, 1);

    assertThat(read(weight, 10, 5)).containsExactly(2300, 2310, 1101, 1111, 2101);
  }

  private static float[] read(DeinterleavedTensor tensor, long from, int length) {
    float[] target = new float[length + 1];
    tensor.read(from, target, 1, length);
    return Arrays.copyOfRange(target, 1, length + 1);
  }
}
