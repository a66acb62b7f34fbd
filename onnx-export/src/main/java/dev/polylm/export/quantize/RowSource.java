package dev.polylm.export.quantize;

/**
 * Provides a matrix's rows, one for each output, wherever they come from. Reading is thread-safe.
 */
public interface RowSource {

  int rows();

  int columns();

  /**
   * Reads rows.
   *
   * @param target receives [count, columns], row-major; may be longer
   * @throws dev.polylm.PolyLmException if they can't be read
   */
  void read(int row, int count, float[] target);
}
