package dev.polylm.export.graph;

import dev.polylm.PolyLmException;
import dev.polylm.export.parallel.Workers;
import dev.polylm.export.quantize.BlockFormat;
import dev.polylm.export.quantize.Hessian;
import dev.polylm.export.quantize.QuantizationPlan;
import dev.polylm.export.weights.LayerWeights.Projection;
import dev.polylm.export.weights.Matrix;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Weights as blocks of integers that the standard's DequantizeLinear turns into floats. ONNX
 * Runtime does not run a DequantizeLinear before a product. When it loads the graph, it replaces
 * the two by a MatMulNBits (seen in 1.29 and 1.30, with 4 and 8 bits), provided that the weights
 * are [in, out].
 *
 * <p>The look-up table is stored in the same way, since it may also be the output head. It always
 * has 8 bits, since Gather has no 4-bit type. A row of the table is a column here, and each run
 * gathers the columns that it needs.
 */
final class StandardFormat implements WeightFormat {
  private static final int TABLE_BITS = 8;

  private final QuantizationPlan plan;
  private final BlockQuantizer quantizer;

  StandardFormat(QuantizationPlan plan, Hessian.Source hessians, Workers workers) {
    this.plan = plan;
    this.quantizer = new BlockQuantizer(hessians, workers);
  }

  @Override
  public FloatType floats() {
    return FloatType.FP32;
  }

  @Override
  public Ref lookUp(GraphBuilder graph, Matrix table, Ref ids) {
    StandardMatrix quantized = table(table);
    Map<String, Object> columns = Map.of("axis", 1);
    List<Ref> parts = new ArrayList<>(); // [nEmbd, batch, sequence], [blocks, batch, sequence]
    for (Ref part : constants(graph, quantized)) {
      boolean there = !part.name().isEmpty();
      parts.add(there ? graph.add(Operator.GATHER, List.of(part, ids), columns) : part);
    }
    Ref floats = dequantized(graph, quantized.format(), parts);
    return graph.add(Operator.TRANSPOSE, List.of(floats), Map.of("perm", List.of(1, 2, 0)));
  }

  @Override
  public Ref project(GraphBuilder graph, Projection projection, Ref x) {
    Matrix weight = projection.weight();
    BlockFormat format = plan.projection(weight.name(), Math.toIntExact(weight.columns()));
    StandardMatrix quantized = new StandardMatrix(weight, format, quantizer);
    return x.times(dequantized(graph, format, constants(graph, quantized)))
        .plus(graph.constant(FloatTensor.of(floats(), projection.bias())));
  }

  @Override
  public Ref score(GraphBuilder graph, Matrix head, Ref x) {
    StandardMatrix quantized = table(head);
    boolean tied = graph.has(quantized.codes());
    List<Ref> parts = constants(graph, quantized);
    if (tied) {
      parts =
          List.of(
              shared(graph, quantized.codes()), shared(graph, quantized.scales()), graph.none());
    }
    return x.times(dequantized(graph, quantized.format(), parts));
  }

  private static Ref shared(GraphBuilder graph, ExternalTensor tensor) {
    return graph.constant(new SharedTensor(tensor.name() + ".head", tensor, tensor.shape()));
  }

  /**
   * @throws PolyLmException if not all of its blocks would be whole
   */
  private StandardMatrix table(Matrix table) {
    int width = QuantizedFormat.checkedWidth(table);
    int blockSize = plan.projection(table.name(), width).blockSize();
    return new StandardMatrix(table, new BlockFormat(TABLE_BITS, blockSize, false), quantizer);
  }

  /** Returns codes, scales and zero points; the last are left out if the format has none. */
  private static List<Ref> constants(GraphBuilder graph, StandardMatrix matrix) {
    Ref codes = graph.constant(matrix.codes());
    Ref scales = graph.constant(matrix.scales());
    boolean zeroPoints = matrix.format().zeroPoints();
    return List.of(codes, scales, zeroPoints ? graph.constant(matrix.zeroPoints()) : graph.none());
  }

  private static Ref dequantized(GraphBuilder graph, BlockFormat format, List<Ref> parts) {
    return graph.add(
        Operator.DEQUANTIZE_LINEAR, parts, Map.of("axis", 0, "block_size", format.blockSize()));
  }

  @Override
  public void close() {
    quantizer.close();
  }
}
