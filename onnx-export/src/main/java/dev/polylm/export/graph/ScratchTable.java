package dev.polylm.export.graph;

import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * A table in a scratch file, [rows, columns], that is read column by column: as [columns, rows].
 *
 * @param position of the first row
 * @param rows an even number if elements have 4 bits
 * @param rowBytes the bytes from one row to the next
 * @param bits of an element: 4, the even columns in the low halves of the bytes, 8, or 32
 */
record ScratchTable(
    ScratchFile file, long position, int rows, int rowBytes, int columns, int bits) {
  /**
   * The bytes of the columns that are read at a time, for all rows. More bytes give longer reads in
   * each row.
   */
  private static final int WINDOW_BYTES = 1 << 26;

  /** Columns that are transposed together; they are read from a row in one piece. */
  private static final int TOGETHER = 16;

  /**
   * Writes all columns.
   *
   * @param flip added to each byte without carry
   */
  void write(int flip, Consumer<ByteBuffer> target) {
    write(flip, WINDOW_BYTES, target);
  }

  void write(int flip, int windowBytes, Consumer<ByteBuffer> target) {
    long affordable = windowBytes * 8L / bits / rows / TOGETHER * TOGETHER;
    int width = (int) Math.min(columns, Math.max(TOGETHER, affordable));
    int widthBytes = bytes(width);
    byte[] window = new byte[Math.multiplyExact(rows, widthBytes)];
    byte[] turned = new byte[Math.multiplyExact(TOGETHER, bytes(rows))];
    for (int from = 0; from < columns; from += width) {
      int count = Math.min(width, columns - from);
      read(from, count, window);
      for (int column = 0; column < count; column += TOGETHER) {
        int together = Math.min(TOGETHER, count - column);
        turn(window, bytes(count), column, together, turned);
        int length = together * bytes(rows);
        for (int i = 0; i < length && flip != 0; i++) {
          turned[i] ^= (byte) flip;
        }
        target.accept(ByteBuffer.wrap(turned, 0, length));
      }
    }
  }

  private int bytes(int elements) {
    return (int) (((long) elements * bits + 7) / 8);
  }

  /** Reads the columns [from, from + count) of all rows, one row after the other. */
  private void read(int from, int count, byte[] window) {
    int length = bytes(count);
    if (length == rowBytes) {
      file.read(position, ByteBuffer.wrap(window, 0, Math.multiplyExact(rows, length)));
      return;
    }
    for (int row = 0; row < rows; row++) {
      long at = position + (long) row * rowBytes + bytes(from);
      file.read(at, ByteBuffer.wrap(window, row * length, length));
    }
  }

  /** Transposes columns of a window whose rows are {@code stride} bytes apart. */
  private void turn(byte[] window, int stride, int column, int count, byte[] turned) {
    if (bits == 4) {
      turnHalves(window, stride, column, count, turned);
      return;
    }
    int size = bits / 8;
    for (int row = 0; row < rows; row++) {
      int at = row * stride + column * size;
      for (int i = 0; i < count * size; i++) {
        turned[(i / size * rows + row) * size + i % size] = window[at + i];
      }
    }
  }

  private void turnHalves(byte[] window, int stride, int column, int count, byte[] turned) {
    int length = rows / 2; // bytes of a column
    for (int row = 0; row < rows; row += 2) {
      for (int i = 0; i < count; i++) {
        int at = row * stride + (column + i) / 2;
        int shift = (i & 1) * 4;
        int low = window[at] >> shift & 15;
        int high = window[at + stride] >> shift & 15;
        turned[i * length + row / 2] = (byte) (low | high << 4);
      }
    }
  }
}
