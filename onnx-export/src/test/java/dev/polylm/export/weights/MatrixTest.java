package dev.polylm.export.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class MatrixTest {
  // 0 1 2
  // 3 4 5
  private final Matrix matrix =
      new StoredMatrix("m", ArrayTensor.of("m", new float[] {0, 1, 2, 3, 4, 5}, 2, 3), 2, 3);

  @Test
  void readsWholeRowsAndPieces() {
    assertThat(read(matrix, 0, 2, 0, 3)).containsExactly(0, 1, 2, 3, 4, 5);
    assertThat(read(matrix, 1, 1, 0, 3)).containsExactly(3, 4, 5);
    assertThat(read(matrix, 0, 2, 1, 2)).containsExactly(1, 2, 4, 5);
  }

  @Test
  void readsTheTransposeByWindows() {
    Matrix transposed = matrix.transposed();

    assertThat(transposed.rows()).isEqualTo(3);
    assertThat(transposed.columns()).isEqualTo(2);
    assertThat(read(transposed, 0, 3, 0, 2)).containsExactly(0, 3, 1, 4, 2, 5);
    assertThat(read(transposed, 1, 2, 1, 1)).containsExactly(4, 5);
    assertThat(transposed.transposed()).isSameAs(matrix);
  }

  @Test
  void refusesWindowsOutside() {
    for (Matrix each : new Matrix[] {matrix, matrix.transposed()}) {
      assertThatThrownBy(() -> each.read(0, 4, 0, 1, new float[6]))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> each.read(0, 1, 2, 2, new float[6]))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> each.read(0, 2, 0, 2, new float[3]))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  private static float[] read(Matrix matrix, long row, int rows, long column, int columns) {
    float[] window = new float[rows * columns];
    matrix.read(row, rows, column, columns, window);
    return window;
  }
}
