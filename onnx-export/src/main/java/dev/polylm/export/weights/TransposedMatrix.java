package dev.polylm.export.weights;

import java.util.Objects;

/** The transpose of a stored matrix, computed window by window while it is read. */
record TransposedMatrix(StoredMatrix stored) implements Matrix {
  /**
   * How many stored rows are transposed at a time: as many as fill a line of the processor's cache.
   */
  private static final int LINES = 16;

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
    float[] lines = new float[Math.min(LINES, columns) * rows]; // pieces of stored rows
    for (int first = 0; first < columns; first += LINES) {
      int count = Math.min(LINES, columns - first);
      stored.read(column + first, count, row, rows, lines);
      for (int i = 0; i < rows; i++) {
        for (int line = 0; line < count; line++) {
          target[i * columns + first + line] = lines[line * rows + i];
        }
      }
    }
  }

  @Override
  public void readAhead() {
    stored.tensor().readAhead();
  }

  @Override
  public Matrix transposed() {
    return stored;
  }
}
