package dev.polylm.export.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.polylm.PolyLmException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A model in parts that run one after the other, so that only some of its weights are loaded at a
 * time. Each part is a model of consecutive operators over the same data file. A multiplication
 * with more weights than a slice may have is divided into several.
 */
public final class SlicedModel {
  private final ModelProto model;
  private final Map<String, TensorProto> constants = new HashMap<>();
  private final Map<String, ValueInfoProto> inputs = new HashMap<>();

  private final List<List<NodeProto>> slices = new ArrayList<>();

  private SlicedModel(ModelProto model) {
    this.model = model;
    GraphProto graph = model.getGraph();
    graph.getInitializerList().forEach(constant -> constants.put(constant.getName(), constant));
    graph.getInputList().forEach(input -> inputs.put(input.getName(), input));
  }

  /**
   * Reads a model's structure and cuts it.
   *
   * @param file {@value OnnxWriter#MODEL}
   * @param bytes the most bytes of weights in a slice, unless an operator that can't be divided has
   *     more
   * @throws PolyLmException if the file can't be read
   */
  public static SlicedModel read(Path file, long bytes) {
    try {
      SlicedModel sliced = new SlicedModel(ModelProto.parseFrom(Files.readAllBytes(file)));
      sliced.cut(bytes);
      return sliced;
    } catch (IOException e) {
      throw new PolyLmException(
          "%s: can't be read: %s".formatted(file.getFileName(), e.getMessage()), e);
    }
  }

  private void cut(long limit) {
    List<NodeProto> slice = new ArrayList<>();
    long bytes = 0;
    for (List<NodeProto> unit : units(limit)) {
      long more = bytes(unit);
      if (bytes > 0 && bytes + more > limit) {
        slices.add(slice);
        slice = new ArrayList<>();
        bytes = 0;
      }
      slice.addAll(unit);
      bytes += more;
    }
    slices.add(slice);
  }

  /**
   * Returns the model's operators. Those with more weights than a slice may have are divided.
   * Operators that must be in one slice form a unit.
   */
  private List<List<NodeProto>> units(long limit) {
    List<List<NodeProto>> units = new ArrayList<>();
    List<NodeProto> unit = new ArrayList<>();
    for (NodeProto node : model.getGraph().getNodeList()) {
      unit.add(node);
      if (!makesWeights(node)) {
        units.addAll(divided(unit, (bytes(unit) + limit - 1) / limit));
        unit = new ArrayList<>();
      }
    }
    return units;
  }

  private List<List<NodeProto>> divided(List<NodeProto> unit, long parts) {
    if (parts > 1 && unit.size() == 1 && RowParts.isDivisible(unit.get(0), constants)) {
      return RowParts.of(unit.get(0), constants, parts).stream().map(List::of).toList();
    }
    return parts > 1 && InputParts.isDivisible(unit, constants)
        ? InputParts.of(unit, constants, parts)
        : List.of(unit);
  }

  /** Returns whether an operator turns a constant into floats for the next operator. */
  private boolean makesWeights(NodeProto node) {
    return node.getOpType().equals("DequantizeLinear") && constants.containsKey(node.getInput(0));
  }

  /** Returns how many parts there are, at least 1. */
  public int size() {
    return slices.size();
  }

  /** Returns the names of the model's inputs. */
  public Set<String> inputs() {
    return inputs.keySet();
  }

  /** Returns what a part needs: inputs of the model, or outputs of earlier parts. */
  public Set<String> inputs(int slice) {
    Set<String> made = new HashSet<>();
    Set<String> needed = new HashSet<>();
    for (NodeProto node : slices.get(slice)) {
      node.getInputList().stream()
          .filter(value -> !value.isEmpty())
          .filter(value -> !constants.containsKey(value) && !made.contains(value))
          .forEach(needed::add);
      made.addAll(node.getOutputList());
    }
    return needed;
  }

  /** Returns the outputs of a part: outputs of the model, or inputs of later parts. */
  public Set<String> outputs(int slice) {
    Set<String> wanted = new HashSet<>();
    model.getGraph().getOutputList().forEach(output -> wanted.add(output.getName()));
    for (int later = slice + 1; later < slices.size(); later++) {
      wanted.addAll(inputs(later));
    }
    Set<String> given = new HashSet<>();
    slices.get(slice).forEach(node -> given.addAll(node.getOutputList()));
    given.retainAll(wanted);
    return given;
  }

  /** Returns the type of an input of the model, such as {@code FLOAT16}. */
  public String type(String input) {
    int type =
        inputs
            .getOrDefault(input, ValueInfoProto.getDefaultInstance())
            .getType()
            .getTensorType()
            .getElemType();
    return String.valueOf(DataType.forNumber(type));
  }

  /**
   * Returns a part as a model, whose weights are in the data file in the whole model's folder.
   *
   * @param types of the elements of its inputs, such as {@code FLOAT}
   */
  public byte[] model(int slice, Map<String, String> types) {
    List<NodeProto> nodes = slices.get(slice);
    GraphProto.Builder graph = GraphProto.newBuilder().setName("slice_" + slice);
    graph.addAllInitializer(constants(nodes).values()).addAllNode(nodes);
    inputs(slice).forEach(input -> graph.addInput(value(input, types.getOrDefault(input, ""))));
    outputs(slice).forEach(output -> graph.addOutputBuilder().setName(output));
    return model.toBuilder().clearMetadataProps().setGraph(graph).build().toByteArray();
  }

  private static ValueInfoProto value(String name, String type) {
    ValueInfoProto.Builder value = ValueInfoProto.newBuilder().setName(name);
    value.getTypeBuilder().getTensorTypeBuilder().setElemType(DataType.valueOf(type).getNumber());
    return value.build();
  }

  private long bytes(List<NodeProto> nodes) {
    return constants(nodes).values().stream().mapToLong(OnnxContents::bytes).sum();
  }

  /** Returns the constants that some operators need. */
  private Map<String, TensorProto> constants(List<NodeProto> nodes) {
    Map<String, TensorProto> needed = new LinkedHashMap<>();
    for (NodeProto node : nodes) {
      for (String input : node.getInputList()) {
        TensorProto constant = constants.get(input);
        if (constant != null) {
          needed.put(input, constant);
        }
      }
    }
    return needed;
  }
}
