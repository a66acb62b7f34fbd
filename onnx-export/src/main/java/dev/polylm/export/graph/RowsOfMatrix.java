package dev.polylm.export.graph;

import dev.polylm.export.quantize.RowSource;
import dev.polylm.export.weights.Matrix;

/** Gives the quantizer a matrix's rows. */
public record RowsOfMatrix(Matrix matrix) implements RowSource {
  @Override
  public int rows() {
    return Math.toIntExact(matrix.rows());
  }

  @Override
  public int columns() {
    return Math.toIntExact(matrix.columns());
  }

  @Override
  public void read(int row, int count, float[] target) {
    matrix.read(row, count, 0, columns(), target);
  }
}
