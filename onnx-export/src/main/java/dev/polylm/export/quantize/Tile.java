package dev.polylm.export.quantize;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Some rows of a matrix that are being quantized, as [columns, LANES]. A row is a lane. Lanes
 * beyond the rows hold zeros.
 */
final class Tile {
  /**
   * How many rows a tile has: a whole number of vectors, few enough for a group of columns to stay
   * in the cache.
   */
  static final int LANES = 64;

  /** 1.5 * 2^23: a float near it has no fraction, so adding and subtracting it rounds. */
  private static final float ROUNDER = 0x1.8p23f;

  final BlockFormat format;
  final int columns;

  /** [columns, LANES]: the weights; with compensation, what is left to round. */
  final float[] values;

  /** [columns, LANES]: the codes, as whole numbers. */
  final float[] codes;

  /** [blocks, LANES]. */
  final float[] scales;

  /** [blocks, LANES], as whole numbers. */
  final float[] zeroPoints;

  Tile(BlockFormat format, int columns) {
    this.format = format;
    this.columns = columns;
    int blocks = format.blocks(columns);
    this.values = new float[Math.multiplyExact(columns, LANES)];
    this.codes = new float[values.length];
    this.scales = new float[blocks * LANES];
    this.zeroPoints = new float[blocks * LANES];
  }

  /** Takes rows [count, columns] from {@code offset}; at most LANES. */
  void load(float[] rows, int offset, int count) {
    if (count < LANES) {
      Arrays.fill(values, 0);
    }
    for (int row = 0; row < count; row++) {
      int from = offset + row * columns;
      for (int column = 0; column < columns; column++) {
        values[column * LANES + row] = rows[from + column];
      }
    }
  }

  /** Returns the code nearest to value / scale + zeroPoint, ties to even; NaN stays NaN. */
  static float code(float value, float inverseScale, float zeroPoint, float maxCode) {
    float code = Math.min(Math.max(value * inverseScale + zeroPoint, 0), maxCode);
    return code + ROUNDER - ROUNDER;
  }

  /**
   * Chooses the scales and zero points of the block that begins at a column: by search if the
   * format has zero points, otherwise symmetrically.
   *
   * @param importance [columns], or null if all count the same
   */
  void fit(int column, float @Nullable [] importance) {
    int end = Math.min(column + format.blockSize(), columns);
    if (format.zeroPoints()) {
      new ErrorSearch(this, column, end, importance).run();
    } else {
      SymmetricFit.fit(this, column, end);
    }
  }

  /** Sets the tile's scales, zero points and codes, each block on its own. */
  void quantize() {
    for (int column = 0; column < columns; column++) {
      if (column % format.blockSize() == 0) {
        fit(column, null);
      }
      round(column);
    }
  }

  /** Rounds a column with its block's scales and zero points. */
  void round(int column) {
    int block = column / format.blockSize() * LANES;
    int at = column * LANES;
    float maxCode = format.maxCode();
    for (int lane = 0; lane < LANES; lane++) {
      float scale = scales[block + lane];
      codes[at + lane] = code(values[at + lane], 1 / scale, zeroPoints[block + lane], maxCode);
    }
  }

  /** Returns the weight that the runtime computes from a code. */
  float dequantized(int column, int lane) {
    int block = column / format.blockSize() * LANES + lane;
    return (codes[column * LANES + lane] - zeroPoints[block]) * scales[block];
  }
}
