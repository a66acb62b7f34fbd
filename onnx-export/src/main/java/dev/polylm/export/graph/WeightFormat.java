package dev.polylm.export.graph;

import dev.polylm.export.weights.Matrix;
import dev.polylm.export.weights.Projection;

/**
 * How a model's large weights are stored, and the operators that use them so. Norms, biases and
 * positions are small and stay floats of 32 bits.
 */
public sealed interface WeightFormat permits Float32Format {

  /** Floats of 32 bits: exact whatever the checkpoint's type. */
  static WeightFormat float32() {
    return new Float32Format();
  }

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
   * @param head [vocabSize, nEmbd]; may be a table that is looked up as well
   * @param x [rows, nEmbd]
   * @return logits, [rows, vocabSize]
   */
  Ref score(GraphBuilder graph, Matrix head, Ref x);
}
