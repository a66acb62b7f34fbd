package dev.polylm.export.quantize;

import dev.polylm.export.parallel.Workers;
import org.jspecify.annotations.Nullable;

/** Some rows of a matrix, read strip by strip and quantized tile by tile. */
final class QuantizationWindow {
  /** The least that one thread reads at a time. */
  private static final int STRIP_ELEMENTS = 1 << 20;

  /**
   * What all threads read at a time, 64 MiB of floats. Rows that are stored column by column are
   * read in runs as long as a strip is high, so higher strips are read faster.
   */
  private static final int ELEMENTS = 1 << 24;

  private static final int STRIPS_A_THREAD = 4;

  private final RowSource source;
  private final int columns;
  private final @Nullable Compensation compensation;
  private final Workers workers;
  private final int stripRows;
  private final int capacity;
  private final QuantizedRows rows;
  private final ThreadLocal<float[]> strips; // [stripRows, columns]
  private final ThreadLocal<Tile> tiles;
  private double squares;
  private double squaredErrors;

  QuantizationWindow(
      RowSource source, BlockFormat format, @Nullable Compensation compensation, Workers workers) {
    this.source = source;
    this.columns = source.columns();
    this.compensation = compensation;
    this.workers = workers;
    this.stripRows = stripRows(source, workers.threads());
    int strips = (source.rows() + stripRows - 1) / stripRows;
    this.capacity = Math.min(strips, workers.threads() * STRIPS_A_THREAD) * stripRows;
    this.rows =
        new QuantizedRows(
            0,
            capacity,
            new byte[Math.multiplyExact(capacity, format.codeBytes(columns))],
            new float[Math.multiplyExact(capacity, format.blocks(columns))],
            new byte[capacity * format.zeroPointBytes(columns)]);
    this.strips = ThreadLocal.withInitial(() -> new float[Math.multiplyExact(stripRows, columns)]);
    this.tiles = ThreadLocal.withInitial(() -> new Tile(format, columns));
  }

  /**
   * Returns as many whole tiles as possible, so that each thread gets the same number of strips.
   */
  private static int stripRows(RowSource source, int threads) {
    int elements = Math.max(STRIP_ELEMENTS, ELEMENTS / threads);
    int most = Math.max(1, elements / Tile.LANES / source.columns()) * Tile.LANES;
    int rounds = (source.rows() + most * threads - 1) / (most * threads);
    int fair = (source.rows() + rounds * threads - 1) / (rounds * threads);
    int tiles = (fair + Tile.LANES - 1) / Tile.LANES;
    return Math.min(tiles * Tile.LANES, source.rows());
  }

  /** Returns how many rows fit. */
  int capacity() {
    return capacity;
  }

  /** Quantizes the source's rows [first, first + count). */
  QuantizedRows quantize(int first, int count) {
    int stripCount = (count + stripRows - 1) / stripRows;
    double[] sums = new double[2 * stripCount];
    workers.forEach(
        stripCount,
        i -> {
          int from = i * stripRows;
          strip(first, from, Math.min(stripRows, count - from), sums, 2 * i);
        });
    for (int i = 0; i < sums.length; i += 2) {
      squares += sums[i];
      squaredErrors += sums[i + 1];
    }
    return new QuantizedRows(first, count, rows.codes(), rows.scales(), rows.zeroPoints());
  }

  /** Quantizes the window's rows [from, from + count). */
  private void strip(int first, int from, int count, double[] sums, int at) {
    float[] weights = strips.get();
    source.read(first + from, count, weights);
    for (int row = 0; row < count; row += Tile.LANES) {
      int lanes = Math.min(Tile.LANES, count - row);
      Tile tile = tiles.get();
      tile.load(weights, row * columns, lanes);
      if (compensation == null) {
        tile.quantize();
      } else {
        compensation.quantize(tile);
      }
      for (int lane = 0; lane < lanes; lane++) {
        Packing.pack(tile, lane, rows, from + row + lane);
        measure(tile, lane, weights, (row + lane) * columns, sums, at);
      }
    }
  }

  /** Adds a row's squares to sums[at] and its squared errors to sums[at + 1]. */
  private void measure(Tile tile, int lane, float[] weights, int row, double[] sums, int at) {
    int blockSize = tile.format.blockSize();
    for (int from = 0; from < columns; from += blockSize) {
      int block = from / blockSize * Tile.LANES + lane;
      float scale = tile.scales[block];
      float zeroPoint = tile.zeroPoints[block];
      float squaresOfBlock = 0;
      float errorsOfBlock = 0;
      for (int column = from; column < Math.min(from + blockSize, columns); column++) {
        float weight = weights[row + column];
        float off = weight - (tile.codes[column * Tile.LANES + lane] - zeroPoint) * scale;
        squaresOfBlock += weight * weight;
        errorsOfBlock += off * off;
      }
      sums[at] += squaresOfBlock;
      sums[at + 1] += errorsOfBlock;
    }
  }

  /** Returns the square root of squared errors over squared weights, for all rows so far. */
  double relativeError() {
    return squaredErrors == 0 ? 0 : Math.sqrt(squaredErrors / squares);
  }
}
