package dev.polylm.export.weights;

/**
 * A matrix of weights that stays on disk and is read by windows. Thread-safe while the checkpoint
 * is open.
 */
public interface Matrix {

  /**
   * Returns the name without the prefix {@code transformer.}, such as {@code
   * h.3.attn.c_attn.weight}.
   */
  String name();

  long rows();

  long columns();

  /**
   * Reads a window as floats.
   *
   * @param row the window's first row
   * @param rows its height
   * @param column the window's first column
   * @param columns its width
   * @param target receives the window in row-major order, [rows, columns], from index 0
   * @throws IndexOutOfBoundsException if the window leaves the matrix or the target is too small
   * @throws dev.polylm.PolyLmException if the file can't be read
   */
  void read(long row, int rows, long column, int columns, float[] target);

  /**
   * Prepares for a read of the whole matrix by windows of whole rows. Any thread may call this,
   * before or during the read.
   *
   * @throws dev.polylm.PolyLmException if the file can't be read
   */
  default void readAhead() {}

  /** Returns the same weights with rows and columns exchanged. The name stays the same. */
  Matrix transposed();
}
