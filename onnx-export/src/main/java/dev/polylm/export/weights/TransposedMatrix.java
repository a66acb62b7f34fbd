package dev.polylm.export.weights;

import java.util.Objects;

/** The transpose of a stored matrix, turned window by window while it is read. */
record TransposedMatrix(StoredMatrix stored) implements Matrix {

  @Override
  public String name() {
    return stored.name();
  }

  @Override
  public long rows() {
    return stored.columns();
  }

  @Override
  public long columns() {
    return stored.rows();
  }

  @Override
  public void read(long row, int rows, long column, int columns, float[] target) {
    Objects.checkFromIndexSize(0L, (long) rows * columns, target.length);
    float[] line = new float[rows]; // a piece of one stored row, a column of the window
    for (int j = 0; j < columns; j++) {
      stored.read(column + j, 1, row, rows, line);
      for (int i = 0; i < rows; i++) {
        target[i * columns + j] = line[i];
      }
    }
  }

  @Override
  public Matrix transposed() {
    return stored;
  }
}
