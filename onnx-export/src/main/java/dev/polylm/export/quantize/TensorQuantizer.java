package dev.polylm.export.quantize;

import dev.polylm.export.parallel.Workers;
import org.jspecify.annotations.Nullable;

/**
 * Quantizes matrices row by row in bounded memory: the threads hold strips of 64 MiB as floats
 * together, at least 4 MiB each (64 rows, where those are longer), and a tile of 64 rows each; what
 * four strips a thread become is handed on at a time. With a Hessian, its squares and their factors
 * are kept beside, twice columns x groupWidth floats. Not safe for use by several threads at once.
 */
public final class TensorQuantizer {
  private final Workers workers;

  public TensorQuantizer(Workers workers) {
    this.workers = workers;
  }

  /**
   * Quantizes a matrix.
   *
   * @param format with zero points, each block's scale and zero point are searched for; without,
   *     the blocks are rounded symmetrically
   * @param hessian of the matrix's inputs, to compensate errors; null to round each weight by
   *     itself
   * @param sink takes the rows in order
   * @return what was stored and how far it is from the source
   * @throws IllegalArgumentException if the Hessian has other columns than the source
   * @throws dev.polylm.PolyLmException if the source can't be read, or the Hessian is not finite
   */
  public QuantizationResult quantize(
      RowSource source, BlockFormat format, @Nullable Hessian hessian, QuantizedRows.Sink sink) {
    if (hessian != null && hessian.columns() != source.columns()) {
      throw new IllegalArgumentException(
          "the Hessian has %d columns, expected %d".formatted(hessian.columns(), source.columns()));
    }
    Compensation compensation = hessian == null ? null : new Compensation(hessian, workers);
    QuantizationWindow window = new QuantizationWindow(source, format, compensation, workers);
    for (int row = 0; row < source.rows(); row += window.capacity()) {
      sink.accept(window.quantize(row, Math.min(window.capacity(), source.rows() - row)));
    }
    return new QuantizationResult(
        format.bytes(source.rows(), source.columns()), window.relativeError());
  }
}
