package dev.polylm.export.graph;

import dev.polylm.PolyLmException;
import dev.polylm.export.parallel.Workers;
import dev.polylm.export.quantize.BlockFormat;
import dev.polylm.export.quantize.Hessian;
import dev.polylm.export.quantize.QuantizationPlan;
import dev.polylm.export.weights.LayerWeights.Projection;
import dev.polylm.export.weights.Matrix;
import java.util.List;
import java.util.Map;

/**
 * Weights as blocks of integers. If one table is both the look-up table and the output head, its
 * bytes are stored once, and the head has another name and shape for them.
 */
final class QuantizedFormat implements WeightFormat {
  /**
   * The runtime quantizes activations to 8 bits in blocks before it multiplies them with the codes.
   */
  private static final int INT8_ARITHMETIC = 4;

  private static final int TABLE_WIDTH_MULTIPLE = 16;

  private final FloatType floats;
  private final QuantizationPlan plan;
  private final BlockQuantizer quantizer;

  QuantizedFormat(
      FloatType floats, QuantizationPlan plan, Hessian.Source hessians, Workers workers) {
    this.floats = floats;
    this.plan = plan;
    this.quantizer = new BlockQuantizer(hessians, workers);
  }

  @Override
  public FloatType floats() {
    return floats;
  }

  @Override
  public Ref lookUp(GraphBuilder graph, Matrix table, Ref ids) {
    QuantizedMatrix quantized = table(table);
    List<Ref> parts = constants(graph, quantized, quantized.codes(flatCodes(quantized)));
    return graph.add(
        Operator.GATHER_BLOCK_QUANTIZED,
        List.of(parts.get(0), ids, parts.get(1), parts.get(2)),
        Map.of(
            "gather_axis",
            0,
            "quantize_axis",
            1,
            "bits",
            quantized.format().bits(),
            "block_size",
            quantized.format().blockSize()));
  }

  @Override
  public Ref project(GraphBuilder graph, Projection projection, Ref x) {
    Matrix weight = projection.weight();
    BlockFormat format = plan.projection(weight.name(), Math.toIntExact(weight.columns()));
    QuantizedMatrix quantized = new QuantizedMatrix(weight, format, quantizer);
    List<Ref> parts = constants(graph, quantized, quantized.codes(blockCodes(quantized)));
    Ref bias = graph.constant(FloatTensor.of(floats(), projection.bias()));
    return multiply(graph, x, quantized, parts, bias);
  }

  @Override
  public Ref score(GraphBuilder graph, Matrix head, Ref x) {
    QuantizedMatrix quantized = table(head);
    ExternalTensor lookedUp = quantized.codes(flatCodes(quantized));
    ExternalTensor blocks = quantized.codes(blockCodes(quantized));
    boolean tied = graph.has(lookedUp);
    List<Ref> parts = constants(graph, quantized, tied ? lookedUp : blocks);
    if (tied) {
      String name = lookedUp.name() + ".head";
      Ref codes = graph.constant(new SharedTensor(name, lookedUp, blocks.shape()));
      parts = List.of(codes, parts.get(1), parts.get(2));
    }
    return multiply(graph, x, quantized, parts, graph.none());
  }

  private QuantizedMatrix table(Matrix table) {
    int width = checkedWidth(table);
    return new QuantizedMatrix(table, plan.table(width), quantizer);
  }

  /** Returns the width of a table, all of whose blocks must be whole. */
  static int checkedWidth(Matrix table) {
    int width = Math.toIntExact(table.columns());
    if (width % TABLE_WIDTH_MULTIPLE != 0) {
      throw new PolyLmException(
          "config.json: n_embd is %s, expected a multiple of %s for quantized weights"
              .formatted(width, TABLE_WIDTH_MULTIPLE));
    }
    return width;
  }

  private static long[] flatCodes(QuantizedMatrix matrix) {
    return new long[] {matrix.rows(), matrix.format().codeBytes(matrix.columns())};
  }

  private static long[] blockCodes(QuantizedMatrix matrix) {
    long codeBytes = matrix.format().codeBytes(matrix.columns());
    return new long[] {matrix.rows(), matrix.blocks(), codeBytes / matrix.blocks()};
  }

  /** Returns codes, scales and zero points; the last are left out if the format has none. */
  private List<Ref> constants(
      GraphBuilder graph, QuantizedMatrix matrix, ExternalTensor matrixCodes) {
    Ref codes = graph.constant(matrixCodes);
    Ref scales = graph.constant(matrix.scales(floats));
    Ref zeroPoints =
        matrix.format().zeroPoints() ? graph.constant(matrix.zeroPoints()) : graph.none();
    return List.of(codes, scales, zeroPoints);
  }

  private static Ref multiply(
      GraphBuilder graph, Ref x, QuantizedMatrix matrix, List<Ref> parts, Ref bias) {
    return graph.add(
        Operator.MAT_MUL_N_BITS,
        List.of(x, parts.get(0), parts.get(1), parts.get(2), graph.none(), bias),
        Map.of(
            "K", matrix.columns(),
            "N", matrix.rows(),
            "bits", matrix.format().bits(),
            "block_size", matrix.format().blockSize(),
            "accuracy_level", INT8_ARITHMETIC));
  }

  @Override
  public void close() {
    quantizer.close();
  }
}
