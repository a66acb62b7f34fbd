package dev.polylm.export.graph;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** Collects a graph's values and operators. */
final class GraphBuilder {
  private final GraphProto.Builder graph;
  private final List<NodeProto> nodes = new ArrayList<>();
  private final Map<String, ExternalTensor> tensors = new LinkedHashMap<>();
  private final Set<String> constants = new HashSet<>();

  /** The names that outputs of the graph get in place of those from their operators. */
  private final Map<String, String> outputNames = new HashMap<>();

  GraphBuilder(String name) {
    graph = GraphProto.newBuilder().setName(name);
  }

  /**
   * Declares an input.
   *
   * @param dimensions each is an Integer, or a String that names a size known only at run time
   */
  Ref input(String name, DataType type, Object... dimensions) {
    graph.addInput(valueInfo(name, type, dimensions));
    return new Ref(this, name);
  }

  /** Makes a value an output. */
  void output(String name, Ref value, DataType type, Object... dimensions) {
    outputNames.put(value.name(), name);
    graph.addOutput(valueInfo(name, type, dimensions));
  }

  /** Makes a value of the graph's floats an output with floats of 32 bits. */
  void floatOutput(String name, Ref value, FloatType floats, Object... dimensions) {
    Ref wide = floats == FloatType.FP32 ? value : value.as(DataType.FLOAT);
    output(name, wide, DataType.FLOAT, dimensions);
  }

  /** Returns the placeholder for an input that an operator is not given. */
  Ref none() {
    return new Ref(this, "");
  }

  /** Returns a small constant vector. The same name returns the same constant. */
  Ref constant(String name, long... values) {
    if (constants.add(name)) {
      TensorProto.Builder tensor = TensorProto.newBuilder().setName(name).addDims(values.length);
      tensor.setDataType(DataType.INT64.getNumber());
      for (long value : values) {
        tensor.addInt64Data(value);
      }
      graph.addInitializer(tensor);
    }
    return new Ref(this, name);
  }

  /** Returns a constant number. The same name returns the same constant. */
  Ref scalar(String name, long value) {
    return scalar(TensorProto.newBuilder().setName(name).addInt64Data(value), DataType.INT64);
  }

  /** Returns a constant number of a type. The same name returns the same constant. */
  Ref scalar(String name, float value, FloatType type) {
    TensorProto.Builder tensor = TensorProto.newBuilder().setName(name);
    if (type == FloatType.FP32) {
      tensor.addFloatData(value);
    } else {
      tensor.addInt32Data(Short.toUnsignedInt(Half.of(value)));
    }
    return scalar(tensor, type.type());
  }

  private Ref scalar(TensorProto.Builder tensor, DataType type) {
    if (constants.add(tensor.getName())) {
      graph.addInitializer(tensor.setDataType(type.getNumber()));
    }
    return new Ref(this, tensor.getName());
  }

  /**
   * Returns a large constant. The same name returns the same constant, so a tied weight exists
   * once. Constants are written in the order of their last use, so a tied head comes after the
   * layers whose outputs it gets.
   */
  Ref constant(ExternalTensor tensor) {
    ExternalTensor known = tensors.remove(tensor.name());
    tensors.put(tensor.name(), known == null ? tensor : known);
    return new Ref(this, tensor.name());
  }

  /** Returns whether a large constant was added. */
  boolean has(ExternalTensor tensor) {
    return tensors.containsKey(tensor.name());
  }

  /** Adds an operator without attributes and with one output. */
  Ref add(Operator operator, List<Ref> inputs) {
    return add(operator, inputs, Map.of());
  }

  /** Adds an operator with one output. */
  Ref add(Operator operator, List<Ref> inputs, Map<String, Object> attributes) {
    return addAll(operator, inputs, attributes).get(0);
  }

  /**
   * Adds an operator.
   *
   * @return all its outputs; unused ones are left out of the graph
   */
  List<Ref> addAll(Operator operator, List<Ref> inputs, Map<String, Object> attributes) {
    String name = operator.type() + "_" + nodes.size();
    List<String> from = inputs.stream().map(Ref::name).toList();
    List<String> to = IntStream.range(0, operator.outputs()).mapToObj(i -> name + "." + i).toList();
    nodes.add(operator.node(name, from, to, attributes));
    return to.stream().map(output -> new Ref(this, output)).toList();
  }

  Graph build() {
    Set<String> used = new HashSet<>(outputNames.keySet());
    nodes.forEach(node -> used.addAll(node.getInputList()));
    nodes.forEach(node -> graph.addNode(named(node, used)));
    return new Graph(graph.build(), List.copyOf(tensors.values()));
  }

  private NodeProto named(NodeProto node, Set<String> used) {
    NodeProto.Builder named = node.toBuilder().clearInput().clearOutput();
    node.getInputList().forEach(name -> named.addInput(outputNames.getOrDefault(name, name)));
    int last = 0;
    for (int i = 0; i < node.getOutputCount(); i++) {
      last = used.contains(node.getOutput(i)) ? i : last;
    }
    for (String name : node.getOutputList().subList(0, last + 1)) {
      named.addOutput(used.contains(name) ? outputNames.getOrDefault(name, name) : "");
    }
    return named.build();
  }

  private static ValueInfoProto valueInfo(String name, DataType type, Object... dimensions) {
    ValueInfoProto.Builder value = ValueInfoProto.newBuilder().setName(name);
    TensorShapeProto.Builder shape =
        value
            .getTypeBuilder()
            .getTensorTypeBuilder()
            .setElemType(type.getNumber())
            .getShapeBuilder();
    for (Object dimension : dimensions) {
      if (dimension instanceof Integer size) {
        shape.addDimBuilder().setDimValue(size);
      } else {
        shape.addDimBuilder().setDimParam((String) dimension);
      }
    }
    return value.build();
  }
}
