package dev.polylm.export.reference;

import dev.polylm.export.parallel.Workers;
import java.util.Arrays;

/**
 * Multiplies activations with weights. It reads the weights tile by tile, each tile once.
 *
 * <p>The inner loop adds four scaled rows of a tile to a row of results. All five are separate
 * arrays and begin with index 0. In this form the JIT compiler of Java 17 makes vector instructions
 * of the loop. It does not if the rows lie one after the other in one array, or for more rows of
 * results at a time, or for the sum of a dot product.
 */
final class MatrixProduct {
  /** How many rows of a tile the inner loop takes at a time; it divides a tile's height. */
  private static final int INPUTS = 4;

  private final Workers workers;

  MatrixProduct(Workers workers) {
    this.workers = workers;
  }

  /**
   * Computes result[t][o] = bias[o] + sum over i of rows[t][i] * weights[i, o].
   *
   * @param rows [tokens][inputs]
   * @param bias [outputs], or empty for none
   * @param result [tokens][outputs], overwritten
   */
  void multiply(float[][] rows, WeightMatrix weights, float[] bias, float[][] result) {
    weights.readAhead();
    TileSize size = TileSize.of(weights, workers.threads());
    int panels = (weights.outputs() + size.width() - 1) / size.width();
    workers.forEach(panels, p -> panel(rows, weights, bias, result, p * size.width(), size));
  }

  /** Computes the results from one output on, as many as a tile is wide. */
  private static void panel(
      float[][] rows,
      WeightMatrix weights,
      float[] bias,
      float[][] result,
      int output,
      TileSize size) {
    int width = Math.min(size.width(), weights.outputs() - output);
    float[][] sums = new float[rows.length][width];
    if (bias.length > 0) {
      for (float[] row : sums) {
        System.arraycopy(bias, output, row, 0, width);
      }
    }
    float[][] tile = new float[size.height()][width];
    for (int input = 0; input < weights.inputs(); input += size.height()) {
      int height = Math.min(size.height(), weights.inputs() - input);
      weights.read(input, height, output, width, tile);
      int end = input + padded(height);
      for (int i = height; i < padded(height); i++) {
        Arrays.fill(tile[i], 0);
      }
      for (int token = 0; token < rows.length; token++) {
        add(Arrays.copyOfRange(rows[token], input, end), tile, sums[token]);
      }
    }
    for (int token = 0; token < rows.length; token++) {
      System.arraycopy(sums[token], 0, result[token], output, width);
    }
  }

  private static int padded(int height) {
    return (height + INPUTS - 1) / INPUTS * INPUTS;
  }

  /** Adds a token's inputs times the same number of the tile's rows. */
  private static void add(float[] x, float[][] tile, float[] sums) {
    for (int i = 0; i < x.length; i += INPUTS) {
      float[] w0 = tile[i];
      addFour(x[i], x[i + 1], x[i + 2], x[i + 3], w0, tile[i + 1], tile[i + 2], tile[i + 3], sums);
    }
  }

  private static void addFour(
      float x0,
      float x1,
      float x2,
      float x3,
      float[] w0,
      float[] w1,
      float[] w2,
      float[] w3,
      float[] sums) {
    for (int o = 0; o < sums.length; o++) {
      sums[o] += (x0 * w0[o] + x1 * w1[o]) + (x2 * w2[o] + x3 * w3[o]);
    }
  }
}
