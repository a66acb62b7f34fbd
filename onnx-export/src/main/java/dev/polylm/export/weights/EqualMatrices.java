package dev.polylm.export.weights;

/** Compares matrices on disk, a window at a time. */
final class EqualMatrices {
  /** The floats of a window, 1 MB. */
  private static final int WINDOW = 1 << 18;

  private EqualMatrices() {}

  /**
   * Returns whether two matrices of the same shape hold equal numbers, as {@code torch.equal} does:
   * 0 equals -0, and NaN equals nothing. It stops at the first window that differs.
   */
  static boolean test(Matrix a, Matrix b) {
    int width = (int) Math.min(a.columns(), WINDOW);
    int height = (int) Math.min(a.rows(), WINDOW / width);
    float[] left = new float[height * width];
    float[] right = new float[height * width];
    for (long row = 0; row < a.rows(); row += height) {
      int rows = (int) Math.min(height, a.rows() - row);
      for (long column = 0; column < a.columns(); column += width) {
        int columns = (int) Math.min(width, a.columns() - column);
        a.read(row, rows, column, columns, left);
        b.read(row, rows, column, columns, right);
        if (!equal(left, right, rows * columns)) {
          return false;
        }
      }
    }
    return true;
  }

  private static boolean equal(float[] left, float[] right, int length) {
    for (int i = 0; i < length; i++) {
      if (left[i] != right[i]) {
        return false;
      }
    }
    return true;
  }
}
