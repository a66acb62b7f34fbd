package dev.polylm.export.graph;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import java.util.List;
import java.util.Optional;

/**
 * A model's graph, whose large tensors are still to be read and written.
 *
 * @param structure the graph without these tensors
 * @param tensors constants of the graph that belong into the data file
 */
public record Graph(GraphProto structure, List<ExternalTensor> tensors) {

  /** What became of each weight, once all tensors were written. */
  public List<WeightSummary> summaries() {
    return tensors.stream().map(ExternalTensor::summary).flatMap(Optional::stream).toList();
  }

  /** The versions of the operators' domains that the graph needs. */
  public List<OperatorSetIdProto> operatorSets() {
    return List.of(
        OperatorSetIdProto.newBuilder().setDomain("").setVersion(Operator.OPSET).build(),
        OperatorSetIdProto.newBuilder()
            .setDomain(Operator.MICROSOFT)
            .setVersion(Operator.MICROSOFT_VERSION)
            .build());
  }
}
