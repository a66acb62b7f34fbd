package dev.polylm.export.weights;

import dev.polylm.export.tensor.StoredTensor;
import java.util.Objects;

/** A matrix whose rows follow each other in the checkpoint. */
record StoredMatrix(String name, StoredTensor tensor, long rows, long columns) implements Matrix {

  @Override
  public void read(long row, int rows, long column, int columns, float[] target) {
    Objects.checkFromIndexSize(row, rows, this.rows);
    Objects.checkFromIndexSize(column, columns, this.columns);
    Objects.checkFromIndexSize(0L, (long) rows * columns, target.length);
    if (columns == this.columns) {
      tensor.read(row * columns, target, 0, rows * columns);
      return;
    }
    for (int i = 0; i < rows; i++) {
      tensor.read((row + i) * this.columns + column, target, i * columns, columns);
    }
  }

  @Override
  public Matrix transposed() {
    return new TransposedMatrix(this);
  }
}
