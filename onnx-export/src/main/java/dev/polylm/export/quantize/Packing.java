package dev.polylm.export.quantize;

import java.util.Arrays;

/** Writes a tile's lanes into the runtime's layout. */
final class Packing {
  private Packing() {}

  /** Packs a lane as row {@code row} of {@code rows}. */
  static void pack(Tile tile, int lane, QuantizedRows rows, int row) {
    BlockFormat format = tile.format;
    int blocks = format.blocks(tile.columns);
    int codeBytes = format.codeBytes(tile.columns);
    packValues(tile.codes, tile.columns, lane, format.bits(), rows.codes(), row * codeBytes);
    int used = (tile.columns * format.bits() + 7) / 8;
    Arrays.fill(rows.codes(), row * codeBytes + used, (row + 1) * codeBytes, (byte) 0);
    for (int block = 0; block < blocks; block++) {
      rows.scales()[row * blocks + block] = tile.scales[block * Tile.LANES + lane];
    }
    if (format.zeroPoints()) {
      int at = row * format.zeroPointBytes(tile.columns);
      packValues(tile.zeroPoints, blocks, lane, format.bits(), rows.zeroPoints(), at);
    }
  }

  private static void packValues(
      float[] values, int count, int lane, int bits, byte[] target, int at) {
    if (bits == 8) {
      for (int i = 0; i < count; i++) {
        target[at + i] = (byte) (int) values[i * Tile.LANES + lane];
      }
      return;
    }
    for (int i = 0; i < count; i += 2) {
      int low = (int) values[i * Tile.LANES + lane];
      int high = i + 1 < count ? (int) values[(i + 1) * Tile.LANES + lane] : 0;
      target[at + i / 2] = (byte) (low | high << 4);
    }
  }
}
