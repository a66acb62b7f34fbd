package dev.polylm.export.graph;

import dev.polylm.export.parallel.Workers;
import dev.polylm.export.quantize.Hessian;
import dev.polylm.export.quantize.QuantizationPlan;
import dev.polylm.export.weights.LayerWeights.Projection;
import dev.polylm.export.weights.Matrix;

/**
 * How a model's large weights are stored, and which operators use them. Norms, biases and positions
 * are small and stay floats. Close it when all tensors are written.
 */
public sealed interface WeightFormat extends AutoCloseable
    permits FloatFormat, QuantizedFormat, StandardFormat {

  /** Returns floats of 32 bits, which are exact for every type of checkpoint. */
  static WeightFormat float32() {
    return new FloatFormat(FloatType.FP32);
  }

  /**
   * Returns floats of 16 bits for weights, activations and cache, which CUDA's attention computes
   * with. On the CPU, ONNX Runtime 1.29 has the attention and the norms in fp16 and puts casts
   * around the other operators. Writing a weight larger than 65504 throws a PolyLmException.
   */
  static WeightFormat float16() {
    return new FloatFormat(FloatType.FP16);
  }

  /**
   * Returns blocks of integers, which are turned into floats where they are used.
   *
   * @param hessians asked once for each matrix, when the matrix is written
   */
  static WeightFormat quantized(QuantizationPlan plan, Hessian.Source hessians, Workers workers) {
    return new QuantizedFormat(plan, hessians, workers);
  }

  /**
   * Returns blocks of integers in operators of only the ONNX standard.
   *
   * @param hessians asked once for each matrix, when the matrix is written
   */
  static WeightFormat standard(QuantizationPlan plan, Hessian.Source hessians, Workers workers) {
    return new StandardFormat(plan, hessians, workers);
  }

  /** Returns the type that the graph computes with between the large weights. */
  FloatType floats();

  /**
   * Looks up rows of a table.
   *
   * @param table [rows, columns]
   * @param ids [batch, sequence]
   * @return [batch, sequence, columns]
   */
  Ref lookUp(GraphBuilder graph, Matrix table, Ref ids);

  /**
   * Applies a projection.
   *
   * @param x [batch, sequence, in]
   * @return [batch, sequence, out]
   */
  Ref project(GraphBuilder graph, Projection projection, Ref x);

  /**
   * Multiplies with the output head.
   *
   * @param head [vocabSize, nEmbd]; may also be the look-up table
   * @param x [rows, nEmbd]
   * @return logits, [rows, vocabSize]
   */
  Ref score(GraphBuilder graph, Matrix head, Ref x);

  /** Frees what writing needed. */
  @Override
  void close();
}
