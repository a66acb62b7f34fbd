package dev.polylm.export.quantize;

import dev.polylm.export.parallel.Workers;

/**
 * Rounds a tile's columns one after the other. It spreads each error over the later columns of the
 * group so that the outputs change least (GPTQ, arXiv:2210.17323v2, algorithm 1). As in that
 * algorithm, columns beyond the next {@value #CHUNK} get their share only when the chunk is done.
 */
final class Compensation {
  /** The block sizes divide it, so a block is up to date when its scale is chosen. */
  private static final int CHUNK = 128;

  private final Hessian hessian;

  /** For each group [width, width], upper triangular. */
  private final float[][] factors;

  /** [columns] */
  private final float[] importance;

  Compensation(Hessian hessian, Workers workers) {
    this.hessian = hessian;
    this.importance = hessian.diagonal();
    this.factors = new float[hessian.groups()][];
    workers.forEach(
        factors.length,
        group -> factors[group] = InverseFactor.of(hessian.square(group), hessian.width(group)));
  }

  /** Sets the tile's scales, zero points and codes. */
  void quantize(Tile tile) {
    for (int group = 0; group < factors.length; group++) {
      int end = hessian.start(group) + hessian.width(group);
      for (int from = hessian.start(group); from < end; from += CHUNK) {
        int to = Math.min(from + CHUNK, end);
        float[] errors = chunk(tile, group, from, to);
        spread(tile, group, errors, from, to, end);
      }
    }
  }

  /** Rounds the columns [from, to) and returns their errors, [to - from, LANES]. */
  private float[] chunk(Tile tile, int group, int from, int to) {
    float[] errors = new float[CHUNK * Tile.LANES];
    int blockSize = tile.format.blockSize();
    for (int column = from; column < to; column++) {
      if (column % blockSize == 0) {
        tile.fit(column, importance);
      }
      tile.round(column);
      int at = (column - from) * Tile.LANES;
      float pivot = factor(group, column, column);
      for (int lane = 0; lane < Tile.LANES; lane++) {
        float off = tile.values[column * Tile.LANES + lane] - tile.dequantized(column, lane);
        errors[at + lane] = off / pivot;
      }
      for (int later = column + 1; later < to; later++) {
        subtract(tile.values, later * Tile.LANES, errors, at, factor(group, column, later));
      }
    }
    return errors;
  }

  private float factor(int group, int row, int column) {
    int start = hessian.start(group);
    return factors[group][(row - start) * hessian.width(group) + column - start];
  }

  private static void subtract(float[] values, int at, float[] errors, int from, float factor) {
    for (int lane = 0; lane < Tile.LANES; lane++) {
      values[at + lane] -= factor * errors[from + lane];
    }
  }

  /** Subtracts the errors' shares of the columns [from, to) from the columns [to, end). */
  private void spread(Tile tile, int group, float[] errors, int from, int to, int end) {
    float[] shares = new float[CHUNK];
    for (int column = to; column < end; column++) {
      for (int i = from; i < to; i++) {
        shares[i - from] = factor(group, i, column);
      }
      for (int i = 0; i < CHUNK; i += 8) {
        subtractEight(tile.values, column * Tile.LANES, errors, i * Tile.LANES, shares, i);
      }
    }
  }

  private static void subtractEight(
      float[] values, int at, float[] errors, int e0, float[] shares, int s) {
    float s0 = shares[s];
    float s1 = shares[s + 1];
    float s2 = shares[s + 2];
    float s3 = shares[s + 3];
    float s4 = shares[s + 4];
    float s5 = shares[s + 5];
    float s6 = shares[s + 6];
    float s7 = shares[s + 7];
    int step = Tile.LANES;
    for (int e = e0; e < e0 + step; e++) {
      values[at + e - e0] -=
          (s0 * errors[e] + s1 * errors[e + step])
              + (s2 * errors[e + 2 * step] + s3 * errors[e + 3 * step])
              + ((s4 * errors[e + 4 * step] + s5 * errors[e + 5 * step])
                  + (s6 * errors[e + 6 * step] + s7 * errors[e + 7 * step]));
    }
  }
}
