package dev.polylm.export.graph;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import dev.polylm.export.weights.LayerWeights.Projection;
import dev.polylm.export.weights.Matrix;
import dev.polylm.internal.model.TensorNames;

/**
 * The inputs for low-rank adapters that are chosen at run time. Each adapted matrix has two: the
 * factors of all loaded adapters, stacked. The slots say which of them each row takes; slot 0 holds
 * zeros. One slot alone is that of all rows. The number of factors and their rank are known only at
 * run time, so that a run pays for the rank that its adapters have.
 */
final class AdapterInputs {
  private static final String SUFFIX = ".weight";

  private final GraphBuilder graph;
  private final Ref slots; // [1] or [batch]

  AdapterInputs(GraphBuilder graph) {
    this.graph = graph;
    this.slots = graph.input(TensorNames.ADAPTER_SLOTS, DataType.INT64, "adapter_rows");
  }

  /**
   * Adds the changes of the rows' adapters to what a projection gave.
   *
   * @param x the projection's input, [batch, sequence, in]
   * @param projected its output, [batch, sequence, out]
   */
  Ref addTo(Ref projected, Projection projection, Ref x) {
    Matrix weight = projection.weight();
    String name = weight.name().substring(0, weight.name().length() - SUFFIX.length());
    int in = Math.toIntExact(weight.columns());
    int out = Math.toIntExact(weight.rows());
    Ref a = input(TensorNames.loraA(name), in, "adapter_rank");
    Ref b = input(TensorNames.loraB(name), "adapter_rank", out);
    return projected.plus(x.times(a.rows(slots)).times(b.rows(slots)));
  }

  /**
   * Adds the changes of the adapters to the logits.
   *
   * @param x what the head got, [rows, in]
   * @param logits [rows, out]
   */
  Ref addToHead(Ref logits, Ref x, int in, int out) {
    Ref places =
        graph.input(TensorNames.ADAPTER_LOGITS_SLOTS, DataType.INT64, "adapter_logits_rows");
    Ref a = input(TensorNames.loraA(TensorNames.HEAD), in, "adapter_rank");
    Ref b = input(TensorNames.loraB(TensorNames.HEAD), "adapter_rank", out);
    Ref rows = x.reshaped("rows_apart", -1, 1, in);
    Ref changes = rows.times(a.rows(places)).times(b.rows(places)); // [rows, 1, out]
    return logits.plus(changes.reshaped("rows_of_logits", -1, out));
  }

  private Ref input(String name, Object rows, Object columns) {
    return graph.input(name, DataType.FLOAT, "adapters", rows, columns);
  }
}
