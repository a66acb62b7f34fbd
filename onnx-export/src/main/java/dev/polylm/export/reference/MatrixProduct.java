package dev.polylm.export.reference;

import dev.polylm.export.parallel.Workers;
import java.util.Arrays;

/**
 * Activations times weights, the weights read tile by tile, each tile once.
 *
 * <p>The inner loop adds eight scaled rows of the tile to a row of results: a form that the JIT
 * compiler turns into vector instructions, which it does not do to the sum of a dot product.
 */
final class MatrixProduct {
  /** A tile's columns: a row of results stays in the first-level cache. */
  private static final int WIDTH = 256;

  /** A tile's rows: with {@link #WIDTH} columns it fills 1 MiB, and stays in the second level. */
  private static final int HEIGHT = 1024;

  private final Workers workers;
  private final ThreadLocal<float[]> tiles = buffers();
  private final ThreadLocal<float[]> scratches = buffers();

  MatrixProduct(Workers workers) {
    this.workers = workers;
  }

  private static ThreadLocal<float[]> buffers() {
    return ThreadLocal.withInitial(() -> new float[HEIGHT * WIDTH]);
  }

  /**
   * Computes result[t][o] = bias[o] + sum over i of rows[t][i] * weights[i, o].
   *
   * @param rows [tokens][inputs]
   * @param bias [outputs], or empty for none
   * @param result [tokens][outputs], overwritten
   */
  void multiply(float[][] rows, WeightMatrix weights, float[] bias, float[][] result) {
    int panels = (weights.outputs() + WIDTH - 1) / WIDTH;
    workers.forEach(panels, p -> panel(rows, weights, bias, result, p * WIDTH));
  }

  private void panel(
      float[][] rows, WeightMatrix weights, float[] bias, float[][] result, int output) {
    int width = Math.min(WIDTH, weights.outputs() - output);
    float[] tile = tiles.get();
    float[] sums = new float[width];
    for (int input = 0; input < weights.inputs(); input += HEIGHT) {
      int height = Math.min(HEIGHT, weights.inputs() - input);
      weights.read(input, height, output, width, tile, scratches.get());
      for (int t = 0; t < rows.length; t++) {
        if (input == 0 && bias.length == 0) {
          Arrays.fill(sums, 0);
        } else {
          System.arraycopy(input == 0 ? bias : result[t], output, sums, 0, width);
        }
        addRow(rows[t], input, height, tile, width, sums);
        System.arraycopy(sums, 0, result[t], output, width);
      }
    }
  }

  /** Adds x[at .. at + height) times the tile [height, width] to the sums. */
  private static void addRow(float[] x, int at, int height, float[] tile, int width, float[] sums) {
    int i = 0;
    for (; i + 8 <= height; i += 8) {
      addEight(x, at + i, tile, i * width, width, sums);
    }
    for (; i < height; i++) {
      int w = i * width;
      for (int o = 0; o < width; o++) {
        sums[o] += x[at + i] * tile[w + o];
      }
    }
  }

  private static void addEight(float[] x, int at, float[] tile, int w0, int width, float[] sums) {
    float x0 = x[at];
    float x1 = x[at + 1];
    float x2 = x[at + 2];
    float x3 = x[at + 3];
    float x4 = x[at + 4];
    float x5 = x[at + 5];
    float x6 = x[at + 6];
    float x7 = x[at + 7];
    int w1 = w0 + width;
    int w2 = w1 + width;
    int w3 = w2 + width;
    int w4 = w3 + width;
    int w5 = w4 + width;
    int w6 = w5 + width;
    int w7 = w6 + width;
    for (int o = 0; o < width; o++) {
      sums[o] +=
          (x0 * tile[w0 + o] + x1 * tile[w1 + o])
              + (x2 * tile[w2 + o] + x3 * tile[w3 + o])
              + ((x4 * tile[w4 + o] + x5 * tile[w5 + o]) + (x6 * tile[w6 + o] + x7 * tile[w7 + o]));
    }
  }
}
