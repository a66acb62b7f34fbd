package dev.polylm.export.reference;

import dev.polylm.export.parallel.Workers;
import java.util.Arrays;

/**
 * Activations times weights, the weights read tile by tile, each tile once.
 *
 * <p>The inner loop adds four scaled rows of the tile to each of four rows of results: a form that
 * the JIT compiler turns into vector instructions, which it does not do to the sum of a dot
 * product, and half as long again as fast as eight rows of the tile and one of results.
 */
final class MatrixProduct {
  /** A tile's columns: a row of results stays in the first-level cache. */
  private static final int WIDTH = 256;

  /** A tile's rows: with {@link #WIDTH} columns it fills 1 MiB, and stays in the second level. */
  private static final int HEIGHT = 1024;

  /** Tokens and inputs that the inner loop works on at a time; the height is a multiple. */
  private static final int TOKENS = 4;

  private static final int INPUTS = 4;

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
    for (float[] sums : result) {
      if (bias.length == 0) {
        Arrays.fill(sums, output, output + width, 0);
      } else {
        System.arraycopy(bias, output, sums, output, width);
      }
    }
    for (int input = 0; input < weights.inputs(); input += HEIGHT) {
      int height = Math.min(HEIGHT, weights.inputs() - input);
      weights.read(input, height, output, width, tile, scratches.get());
      Arrays.fill(tile, height * width, pad(height) * width, 0);
      Tile view = new Tile(tile, width, output);
      for (int t = 0; t < rows.length; t += TOKENS) {
        addTokens(rows, t, input, height, view, result);
      }
    }
  }

  private static int pad(int height) {
    return (height + INPUTS - 1) / INPUTS * INPUTS;
  }

  /**
   * Weights [height, width] for the outputs from {@code output}.
   *
   * @param values row-major
   */
  @SuppressWarnings("ArrayRecordComponent") // a view of a buffer, never compared
  private record Tile(float[] values, int width, int output) {}

  /** Adds the inputs [input, input + height) of up to four tokens, times the tile. */
  private static void addTokens(
      float[][] rows, int token, int input, int height, Tile tile, float[][] result) {
    // What is missing of four tokens is read as the last one, and added to a row that is dropped.
    float[][] x = new float[TOKENS][];
    float[][] sums = new float[TOKENS][];
    for (int i = 0; i < TOKENS; i++) {
      boolean there = token + i < rows.length;
      x[i] = new float[pad(height)];
      System.arraycopy(rows[there ? token + i : token], input, x[i], 0, height);
      sums[i] = there ? result[token + i] : new float[tile.output + tile.width];
    }
    for (int i = 0; i < height; i += INPUTS) {
      addInputs(x, i, tile, sums[0], sums[1], sums[2], sums[3]);
    }
  }

  /** Adds four inputs of four tokens: each weight that is loaded serves four times. */
  private static void addInputs(
      float[][] x, int at, Tile tile, float[] sum0, float[] sum1, float[] sum2, float[] sum3) {
    float[] w = tile.values;
    int w0 = at * tile.width;
    int w1 = w0 + tile.width;
    int w2 = w1 + tile.width;
    int w3 = w2 + tile.width;
    float a0 = x[0][at];
    float a1 = x[0][at + 1];
    float a2 = x[0][at + 2];
    float a3 = x[0][at + 3];
    float b0 = x[1][at];
    float b1 = x[1][at + 1];
    float b2 = x[1][at + 2];
    float b3 = x[1][at + 3];
    float c0 = x[2][at];
    float c1 = x[2][at + 1];
    float c2 = x[2][at + 2];
    float c3 = x[2][at + 3];
    float d0 = x[3][at];
    float d1 = x[3][at + 1];
    float d2 = x[3][at + 2];
    float d3 = x[3][at + 3];
    int output = tile.output;
    for (int o = 0; o < tile.width; o++) {
      float v0 = w[w0 + o];
      float v1 = w[w1 + o];
      float v2 = w[w2 + o];
      float v3 = w[w3 + o];
      sum0[output + o] += (a0 * v0 + a1 * v1) + (a2 * v2 + a3 * v3);
      sum1[output + o] += (b0 * v0 + b1 * v1) + (b2 * v2 + b3 * v3);
      sum2[output + o] += (c0 * v0 + c1 * v1) + (c2 * v2 + c3 * v3);
      sum3[output + o] += (d0 * v0 + d1 * v1) + (d2 * v2 + d3 * v3);
    }
  }
}
