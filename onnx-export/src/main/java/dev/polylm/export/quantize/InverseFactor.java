package dev.polylm.export.quantize;

import dev.polylm.PolyLmException;

/**
 * The upper triangular U with H^-1 = U^T U. It says how later columns make up for the error of a
 * column (GPTQ, arXiv:2210.17323v2, section 3.3, step 3).
 *
 * <p>If H = R R^T with R upper triangular, then U = R^-1. This takes one factorization and one
 * triangular inverse instead of the paper's two factorizations and a full inverse. All inner loops
 * run along rows, in double.
 */
final class InverseFactor {
  /** Added to the diagonal, as a share of its mean; this is the paper's value. */
  private static final double DAMPING = 0.01;

  private InverseFactor() {}

  /**
   * @param square [n, n], of which only the lower triangle is read
   * @return [n, n], of which only the upper triangle is filled
   * @throws PolyLmException if the square is not finite
   */
  static float[] of(float[] square, int n) {
    double[][] upper = factor(damped(square, n));
    invert(upper);
    float[] result = new float[n * n];
    for (int i = 0; i < n; i++) {
      for (int j = i; j < n; j++) {
        result[i * n + j] = (float) upper[i][j];
      }
    }
    return result;
  }

  /** The rows of the lower triangle; row i has length i + 1. */
  private static double[][] damped(float[] square, int n) {
    double mean = 0;
    double[][] rows = new double[n][];
    for (int i = 0; i < n; i++) {
      rows[i] = new double[i + 1];
      for (int j = 0; j <= i; j++) {
        rows[i][j] = square[i * n + j];
      }
      mean += rows[i][i] / n;
    }
    double damping = mean == 0 ? 1 : mean * DAMPING;
    for (int i = 0; i < n; i++) {
      rows[i][i] += damping;
    }
    return rows;
  }

  /** Returns R of H = R R^T from H's lower triangle, which is overwritten. */
  private static double[][] factor(double[][] lower) {
    int n = lower.length;
    double[][] r = new double[n][n];
    for (int k = n - 1; k >= 0; k--) {
      double pivot = Math.sqrt(lower[k][k]);
      if (!(pivot > 0) || Double.isInfinite(pivot)) {
        throw new PolyLmException(
            "calibration: the inputs of a matrix are not finite, expected finite activations");
      }
      // By symmetry H's row k up to the diagonal is its column k.
      double[] column = lower[k];
      for (int i = 0; i < k; i++) {
        column[i] /= pivot;
        r[i][k] = column[i];
      }
      r[k][k] = pivot;
      for (int i = 0; i < k; i++) {
        subtract(lower[i], column, column[i], 0, i + 1);
      }
    }
    return r;
  }

  /** Inverts an upper triangular matrix in place, from its last row up. */
  private static void invert(double[][] r) {
    int n = r.length;
    for (int i = n - 1; i >= 0; i--) {
      double[] row = new double[n];
      for (int k = i + 1; k < n; k++) {
        subtract(row, r[k], r[i][k], k, n);
      }
      double pivot = r[i][i];
      for (int j = i + 1; j < n; j++) {
        row[j] /= pivot;
      }
      row[i] = 1 / pivot;
      r[i] = row;
    }
  }

  private static void subtract(double[] from, double[] what, double times, int start, int end) {
    for (int j = start; j < end; j++) {
      from[j] -= times * what[j];
    }
  }
}
