package dev.polylm.export.quantize;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Finds the scale and zero point of a block with the least squared error, in which each column is
 * weighted by its importance.
 *
 * <p>It tries the block's range and three narrower ones, which clip. Then it tries the ranges and
 * the zero points next to the best of them, and then the least-squares scale for the best one's
 * codes.
 */
final class ErrorSearch {
  private static final float[] FACTORS = {1, 0.9f, 0.8f, 0.7f};

  /** Half the step from one factor to the next. */
  private static final float FINER = 0.05f;

  private final Tile tile;
  private final int from;
  private final int to;
  private final float @Nullable [] importance;
  private final float maxCode;
  private final float[] low = new float[Tile.LANES];
  private final float[] range = new float[Tile.LANES];
  private final float[] scale = new float[Tile.LANES];
  private final float[] zeroPoint = new float[Tile.LANES];
  private final float[] inverse = new float[Tile.LANES];
  private final float[] error = new float[Tile.LANES];
  private final float[] values = new float[Tile.LANES]; // of the current column
  private final float[] bestScale = new float[Tile.LANES];
  private final float[] bestZeroPoint = new float[Tile.LANES];
  private final float[] bestError = new float[Tile.LANES];

  /**
   * @param from first column of the block
   * @param to after its last column
   * @param importance [columns], or null if all count the same
   */
  ErrorSearch(Tile tile, int from, int to, float @Nullable [] importance) {
    this.tile = tile;
    this.from = from;
    this.to = to;
    this.importance = importance;
    this.maxCode = tile.format.maxCode();
  }

  /** Sets the tile's scales and zero points of the block. */
  void run() {
    findRange();
    Arrays.fill(bestError, Float.POSITIVE_INFINITY);
    for (float factor : FACTORS) {
      proposeRange(factor);
      keepBetter();
    }
    proposeFactor(-FINER);
    keepBetter();
    proposeFactor(FINER);
    keepBetter();
    proposeZeroPoints(-1);
    keepBetter();
    proposeZeroPoints(1);
    keepBetter();
    proposeLeastSquares();
    keepBetter();
    int block = from / tile.format.blockSize() * Tile.LANES;
    System.arraycopy(bestScale, 0, tile.scales, block, Tile.LANES);
    System.arraycopy(bestZeroPoint, 0, tile.zeroPoints, block, Tile.LANES);
  }

  /**
   * Returns the block's range, including zero, so that a weight of zero always has an exact code.
   */
  private void findRange() {
    float[] high = new float[Tile.LANES];
    for (int column = from; column < to; column++) {
      for (int lane = 0; lane < Tile.LANES; lane++) {
        float value = tile.values[column * Tile.LANES + lane];
        low[lane] = Math.min(low[lane], value);
        high[lane] = Math.max(high[lane], value);
      }
    }
    for (int lane = 0; lane < Tile.LANES; lane++) {
      float width = high[lane] - low[lane];
      range[lane] = width == 0 ? 1 : width;
      bestScale[lane] = range[lane] / maxCode;
    }
  }

  private void proposeRange(float factor) {
    for (int lane = 0; lane < Tile.LANES; lane++) {
      scale[lane] = range[lane] * factor / maxCode;
      zeroPoint[lane] = Tile.code(-low[lane], maxCode / range[lane], 0, maxCode);
    }
  }

  /** Tries ranges a little wider and narrower than the best so far. */
  private void proposeFactor(float change) {
    for (int lane = 0; lane < Tile.LANES; lane++) {
      scale[lane] = bestScale[lane] + range[lane] * change / maxCode;
      zeroPoint[lane] = bestZeroPoint[lane];
    }
  }

  private void proposeZeroPoints(int shift) {
    for (int lane = 0; lane < Tile.LANES; lane++) {
      scale[lane] = bestScale[lane];
      zeroPoint[lane] = Math.min(Math.max(bestZeroPoint[lane] + shift, 0), maxCode);
    }
  }

  private void measure() {
    Arrays.fill(error, 0);
    for (int lane = 0; lane < Tile.LANES; lane++) {
      inverse[lane] = 1 / scale[lane];
    }
    for (int column = from; column < to; column++) {
      System.arraycopy(tile.values, column * Tile.LANES, values, 0, Tile.LANES);
      float weight = importance == null ? 1 : importance[column];
      addErrors(values, inverse, zeroPoint, scale, weight, maxCode, error);
    }
  }

  /**
   * An export spends nearly all of its time here. All arrays begin with lane 0. With an offset, the
   * compiler makes no vector instructions, and the loop takes three times as long.
   */
  private static void addErrors(
      float[] values,
      float[] inverse,
      float[] zeroPoint,
      float[] scale,
      float weight,
      float maxCode,
      float[] error) {
    for (int lane = 0; lane < Tile.LANES; lane++) {
      float value = values[lane];
      float code = Tile.code(value, inverse[lane], zeroPoint[lane], maxCode);
      float off = (code - zeroPoint[lane]) * scale[lane] - value;
      error[lane] += weight * off * off;
    }
  }

  private void keepBetter() {
    measure();
    for (int lane = 0; lane < Tile.LANES; lane++) {
      if (error[lane] < bestError[lane]) {
        bestError[lane] = error[lane];
        bestScale[lane] = scale[lane];
        bestZeroPoint[lane] = zeroPoint[lane];
      }
    }
  }

  /** Proposes the least-squares scale for the codes of the best so far. */
  private void proposeLeastSquares() {
    float[] products = new float[Tile.LANES];
    float[] squares = new float[Tile.LANES];
    for (int lane = 0; lane < Tile.LANES; lane++) {
      inverse[lane] = 1 / bestScale[lane];
    }
    for (int column = from; column < to; column++) {
      System.arraycopy(tile.values, column * Tile.LANES, values, 0, Tile.LANES);
      float weight = importance == null ? 1 : importance[column];
      addProducts(values, inverse, bestZeroPoint, weight, maxCode, products, squares);
    }
    for (int lane = 0; lane < Tile.LANES; lane++) {
      float fitted = products[lane] / squares[lane];
      scale[lane] = fitted > 0 ? fitted : bestScale[lane];
      zeroPoint[lane] = bestZeroPoint[lane];
    }
  }

  /** Written like {@link #addErrors}, for speed. */
  private static void addProducts(
      float[] values,
      float[] inverse,
      float[] zeroPoint,
      float weight,
      float maxCode,
      float[] products,
      float[] squares) {
    for (int lane = 0; lane < Tile.LANES; lane++) {
      float value = values[lane];
      float steps = Tile.code(value, inverse[lane], zeroPoint[lane], maxCode) - zeroPoint[lane];
      products[lane] += weight * steps * value;
      squares[lane] += weight * steps * steps;
    }
  }
}
