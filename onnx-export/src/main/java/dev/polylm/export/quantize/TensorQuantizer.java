package dev.polylm.export.quantize;

import dev.polylm.export.parallel.Workers;
import org.jspecify.annotations.Nullable;

/**
 * Quantizes matrices row by row in bounded memory. Together the threads hold strips of 64 MiB as
 * floats. Each thread holds at least 4 MiB (64 rows if those are longer) and a tile of 64 rows. The
 * results of four strips a thread are passed on at a time. With a Hessian, its squares and their
 * factors take twice columns x groupWidth floats more. Not safe for use by several threads at once.
 */
public final class TensorQuantizer {
  private final Workers workers;

  public TensorQuantizer(Workers workers) {
    this.workers = workers;
  }

  /**
   * Quantizes a matrix.
   *
   * @param format the format; with zero points, each block's scale and zero point are searched for,
   *     and without them the blocks are rounded symmetrically
   * @param hessian the Hessian of the matrix's inputs, to compensate errors; null to round each
   *     weight on its own
   * @param sink takes the rows in order
   * @return the size of what was stored, and its error
   * @throws IllegalArgumentException if the Hessian has other columns than the source
   * @throws dev.polylm.PolyLmException if the source can't be read, or the Hessian is not finite
   */
  public Result quantize(
      RowSource source, BlockFormat format, @Nullable Hessian hessian, QuantizedRows.Sink sink) {
    if (hessian != null && hessian.columns() != source.columns()) {
      throw new IllegalArgumentException(
          "the Hessian has %s columns, expected %s".formatted(hessian.columns(), source.columns()));
    }
    Compensation compensation = hessian == null ? null : new Compensation(hessian, workers);
    QuantizationWindow window = new QuantizationWindow(source, format, compensation, workers);
    for (int row = 0; row < source.rows(); row += window.capacity()) {
      sink.accept(window.quantize(row, Math.min(window.capacity(), source.rows() - row)));
    }
    return new Result(format.bytes(source.rows(), source.columns()), window.relativeError());
  }

  /**
   * How a matrix was stored.
   *
   * @param bytes the bytes of codes, scales and zero points
   * @param relativeError the square root of the sum of squared errors divided by the sum of squared
   *     weights; NaN if weights are not finite
   */
  public record Result(long bytes, double relativeError) {}
}
