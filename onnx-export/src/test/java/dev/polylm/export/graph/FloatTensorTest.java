package dev.polylm.export.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylm.export.weights.Matrix;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FloatTensorTest {

  @ParameterizedTest
  @CsvSource({
    "3, 5, 1", // all in one window
    "2000000, 3, 2", // whole rows, not all of them
    "2, 4194307, 4", // rows that are longer than a window
  })
  void givesEveryElementInOrder(long rows, long columns, int windows) {
    FloatTensor tensor = FloatTensor.of(FloatType.FP32, new CountingMatrix(rows, columns));
    List<Integer> lengths = new ArrayList<>();
    long[] next = {0};

    tensor.write(
        bytes -> {
          FloatBuffer floats = bytes.asFloatBuffer();
          lengths.add(floats.remaining());
          while (floats.hasRemaining() && floats.get() == CountingMatrix.value(next[0])) {
            next[0]++;
          }
          assertThat(floats.hasRemaining()).isFalse();
        });

    assertThat(next[0]).isEqualTo(rows * columns).isEqualTo(tensor.bytes() / 4);
    assertThat(lengths).hasSize(windows).allMatch(length -> length <= FloatTensor.WINDOW);
  }

  /** Elements that tell their places, without holding any. */
  private record CountingMatrix(long rows, long columns) implements Matrix {

    static float value(long index) {
      return index % 9973;
    }

    @Override
    public String name() {
      return "counting";
    }

    @Override
    public void read(long row, int rows, long column, int columns, float[] target) {
      for (int i = 0; i < rows * columns; i++) {
        target[i] = value((row + i / columns) * this.columns + column + i % columns);
      }
    }

    @Override
    public Matrix transposed() {
      throw new AssertionError("nothing asks for it");
    }
  }
}
