package dev.polylm.export.graph;

import dev.polylm.export.parallel.Workers;
import dev.polylm.export.quantize.BlockFormat;
import dev.polylm.export.quantize.Hessian;
import dev.polylm.export.quantize.QuantizedRows;
import dev.polylm.export.quantize.TensorQuantizer;
import dev.polylm.export.weights.Matrix;

/** Quantizes matrices. It keeps those parts of the last matrix that are still to be written. */
final class BlockQuantizer implements AutoCloseable {
  private final Hessian.Source hessians;
  private final TensorQuantizer quantizer;
  private final ScratchFile file = new ScratchFile();

  BlockQuantizer(Hessian.Source hessians, Workers workers) {
    this.hessians = hessians;
    this.quantizer = new TensorQuantizer(workers);
  }

  TensorQuantizer.Result quantize(Matrix matrix, BlockFormat format, QuantizedRows.Sink sink) {
    return quantizer.quantize(new RowsOfMatrix(matrix), format, hessians.of(matrix.name()), sink);
  }

  ScratchFile file() {
    return file;
  }

  @Override
  public void close() {
    file.close();
  }
}
