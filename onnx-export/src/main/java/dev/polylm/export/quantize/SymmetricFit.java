package dev.polylm.export.quantize;

import java.util.Arrays;

/**
 * Chooses scales with the middle code as the zero point. The largest weight of a block, by size,
 * gets the lowest code. ONNX Runtime's own block quantizer does the same (MlasQuantizeBlockwise).
 */
final class SymmetricFit {
  private SymmetricFit() {}

  /** Fits the block of the columns [from, to). */
  static void fit(Tile tile, int from, int to) {
    int block = from / tile.format.blockSize() * Tile.LANES;
    for (int lane = 0; lane < Tile.LANES; lane++) {
      float largest = 0;
      for (int column = from; column < to; column++) {
        float value = tile.values[column * Tile.LANES + lane];
        largest = Math.abs(value) > Math.abs(largest) ? value : largest;
      }
      float scale = -largest / tile.format.middle();
      tile.scales[block + lane] = scale == 0 ? 1 : scale;
    }
    Arrays.fill(tile.zeroPoints, block, block + Tile.LANES, tile.format.middle());
  }
}
