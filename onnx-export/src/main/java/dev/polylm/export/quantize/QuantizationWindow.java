package dev.polylm.export.quantize;

import dev.polylm.export.parallel.Workers;
import org.jspecify.annotations.Nullable;

/** Some rows of a matrix, read and quantized tile by tile. */
final class QuantizationWindow {
  private static final int ELEMENTS = 1 << 22;

  private final RowSource source;
  private final @Nullable Compensation compensation;
  private final Workers workers;
  private final int capacity;
  private final float[] weights; // [capacity, columns]
  private final QuantizedRows rows;
  private final ThreadLocal<Tile> tiles;
  private double squares;
  private double squaredErrors;

  QuantizationWindow(
      RowSource source, BlockFormat format, @Nullable Compensation compensation, Workers workers) {
    this.source = source;
    this.compensation = compensation;
    this.workers = workers;
    int columns = source.columns();
    int tilesInWindow = Math.max(workers.threads(), ELEMENTS / Tile.LANES / columns);
    int allTiles = (source.rows() + Tile.LANES - 1) / Tile.LANES;
    this.capacity = Math.min(tilesInWindow, allTiles) * Tile.LANES;
    this.weights = new float[Math.multiplyExact(capacity, columns)];
    this.rows =
        new QuantizedRows(
            0,
            capacity,
            new byte[Math.multiplyExact(capacity, format.codeBytes(columns))],
            new float[capacity * format.blocks(columns)],
            new byte[capacity * format.zeroPointBytes(columns)]);
    this.tiles = ThreadLocal.withInitial(() -> new Tile(format, columns));
  }

  /** Rows that fit, a multiple of a tile's. */
  int capacity() {
    return capacity;
  }

  /** Quantizes the source's rows [first, first + count). */
  QuantizedRows quantize(int first, int count) {
    double[] sums = new double[2 * ((count + Tile.LANES - 1) / Tile.LANES)];
    workers.forEach(
        sums.length / 2,
        i -> {
          int from = i * Tile.LANES;
          tile(first, from, Math.min(Tile.LANES, count - from), sums, 2 * i);
        });
    for (int i = 0; i < sums.length; i += 2) {
      squares += sums[i];
      squaredErrors += sums[i + 1];
    }
    return new QuantizedRows(first, count, rows.codes(), rows.scales(), rows.zeroPoints());
  }

  /** Quantizes the window's rows [from, from + count), at most LANES. */
  private void tile(int first, int from, int count, double[] sums, int at) {
    int columns = source.columns();
    source.read(first + from, count, weights, from * columns);
    Tile tile = tiles.get();
    tile.load(weights, from * columns, count);
    if (compensation == null) {
      tile.quantize();
    } else {
      compensation.quantize(tile);
    }
    for (int lane = 0; lane < count; lane++) {
      Packing.pack(tile, lane, rows, from + lane);
      int row = (from + lane) * columns;
      for (int column = 0; column < columns; column++) {
        double off = weights[row + column] - tile.dequantized(column, lane);
        sums[at] += (double) weights[row + column] * weights[row + column];
        sums[at + 1] += off * off;
      }
    }
  }

  /** The root of squared errors over squared weights, of all rows so far. */
  double relativeError() {
    return squaredErrors == 0 ? 0 : Math.sqrt(squaredErrors / squares);
  }
}
