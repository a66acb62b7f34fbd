package dev.polylm.export.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TransposedTensorTest {
  @TempDir Path folder;

  /** A file of a matrix [columns, rows] whose element (c, r) is 100 r + c. */
  private WeightFile columnwise(int rows, int columns) throws IOException {
    ByteBuffer content = ByteBuffer.allocate(4 * rows * columns).order(ByteOrder.LITTLE_ENDIAN);
    for (int column = 0; column < columns; column++) {
      for (int row = 0; row < rows; row++) {
        content.putFloat(100 * row + column);
      }
    }
    return WeightFile.open(Files.write(folder.resolve("matrix.bin"), content.array()));
  }

  private static TransposedTensor transposed(WeightFile file, long rows, long columns) {
    return new TransposedTensor(
        new FileTensor("m", file, ElementType.F32, List.of(columns, rows), 0));
  }

  @ParameterizedTest
  @CsvSource({"5, 3", "3, 5", "1, 4", "4, 1", "1, 1"})
  void everyRangeIsRowMajor(int rows, int columns) throws IOException {
    float[] whole = new float[rows * columns];
    for (int i = 0; i < whole.length; i++) {
      whole[i] = 100 * (i / columns) + i % columns;
    }
    try (WeightFile file = columnwise(rows, columns)) {
      TransposedTensor tensor = transposed(file, rows, columns);
      assertThat(tensor.shape()).containsExactly((long) rows, (long) columns);
      for (int from = 0; from <= whole.length; from++) {
        for (int to = from; to <= whole.length; to++) {
          float[] read = new float[to - from + 1];
          tensor.read(from, read, 1, to - from);
          assertThat(Arrays.copyOfRange(read, 1, read.length))
              .as("%d to %d", from, to)
              .containsExactly(Arrays.copyOfRange(whole, from, to));
        }
      }
    }
  }

  @Test
  void aRangeOutsideTheMatrixIsRefused() throws IOException {
    try (WeightFile file = columnwise(2, 3)) {
      TransposedTensor tensor = transposed(file, 2, 3);
      assertThatThrownBy(() -> tensor.read(0, new float[7], 0, 7))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> tensor.read(0, new float[2], 0, 3))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }
}
