package dev.polylm.export.graph;

import dev.polylm.export.weights.LayerWeights.Projection;
import dev.polylm.export.weights.Matrix;

/** Weights as floats, used by standard operators. */
record FloatFormat(FloatType floats) implements WeightFormat {

  @Override
  public Ref lookUp(GraphBuilder graph, Matrix table, Ref ids) {
    return graph.constant(FloatTensor.of(floats, table)).rows(ids);
  }

  @Override
  public Ref project(GraphBuilder graph, Projection projection, Ref x) {
    Ref weight =
        graph.constant(FloatTensor.of(floats, projection.weight().transposed())); // [in, out]
    return x.times(weight).plus(graph.constant(FloatTensor.of(floats, projection.bias())));
  }

  /**
   * (head · xᵀ)ᵀ rather than x · headᵀ: ONNX Runtime packs a constant right factor into a second
   * copy, but reads a left factor in place. With 256,000 x 1,024 floats on 2 cores a row took 28 ms
   * and 1.1 GB this way, 38 ms and 2.1 GB with Gemm and transB (ONNX Runtime 1.30.0).
   */
  @Override
  public Ref score(GraphBuilder graph, Matrix head, Ref x) {
    return graph.constant(FloatTensor.of(floats, head)).times(x.transposed()).transposed();
  }

  @Override
  public void close() {}
}
