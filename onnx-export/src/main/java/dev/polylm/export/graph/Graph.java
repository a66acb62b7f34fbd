package dev.polylm.export.graph;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A model's graph, whose large tensors have yet to be read and written.
 *
 * @param structure the graph without these tensors
 * @param tensors constants of the graph that belong in the data file
 */
public record Graph(GraphProto structure, List<ExternalTensor> tensors) {

  /** Returns how each weight was stored, once all tensors are written. */
  public List<ExternalTensor.Summary> summaries() {
    return tensors.stream().map(ExternalTensor::summary).flatMap(Optional::stream).toList();
  }

  /** Returns the versions of the operators' domains that the graph needs. */
  public List<OperatorSetIdProto> operatorSets() {
    Stream<OperatorSetIdProto> all =
        Stream.of(
            operatorSet("", Operator.OPSET),
            operatorSet(Operator.MICROSOFT, Operator.MICROSOFT_VERSION));
    return all.filter(set -> isUsed(set.getDomain())).toList();
  }

  private boolean isUsed(String domain) {
    return structure.getNodeList().stream().anyMatch(node -> node.getDomain().equals(domain));
  }

  private static OperatorSetIdProto operatorSet(String domain, int version) {
    return OperatorSetIdProto.newBuilder().setDomain(domain).setVersion(version).build();
  }
}
