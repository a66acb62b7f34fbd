package dev.polylm.export.graph;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.util.List;
import java.util.Map;

/**
 * A value in a graph that is being built. Arithmetic on refs adds operators to their graph.
 *
 * @param name the value's name in the graph
 */
record Ref(GraphBuilder graph, String name) {

  Ref plus(Ref other) {
    return graph.add(Operator.ADD, List.of(this, other));
  }

  /** Returns the matrix product over the last two dimensions. */
  Ref times(Ref other) {
    return graph.add(Operator.MAT_MUL, List.of(this, other));
  }

  /** Returns the same numbers in another type. */
  Ref as(DataType type) {
    return graph.add(Operator.CAST, List.of(this), Map.of("to", type.getNumber()));
  }

  /** Returns [columns, rows] if this is [rows, columns]. */
  Ref transposed() {
    return graph.add(Operator.TRANSPOSE, List.of(this), Map.of("perm", List.of(1, 0)));
  }

  /** Returns the chosen rows, [.. of indices, columns], if this is [rows, columns]. */
  Ref rows(Ref indices) {
    return graph.add(Operator.GATHER, List.of(this, indices), Map.of("axis", 0));
  }

  /**
   * Returns the same elements in another shape.
   *
   * @param name the name of the constant that holds the shape
   * @param dimensions one of them may be -1, which stands for the rest
   */
  Ref reshaped(String name, long... dimensions) {
    return graph.add(Operator.RESHAPE, List.of(this, graph.constant(name, dimensions)));
  }
}
