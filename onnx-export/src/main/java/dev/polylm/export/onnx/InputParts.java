package dev.polylm.export.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Divides an operator that multiplies with weights that have a row for each input. It makes an
 * operator that divides the inputs, one operator for each part, and one that adds the results. If
 * another operator turns the weights into floats first, it stays beside the operator that needs it.
 * The weights stay in place.
 */
final class InputParts {
  private static final String MULTIPLICATION = "MatMul";

  private final NodeProto node;
  private final List<NodeProto> before;
  private final Map<String, TensorProto> constants;
  private final long inputs;
  private final NodeProto.Builder split = NodeProto.newBuilder().setOpType("Split");
  private final NodeProto.Builder sum = NodeProto.newBuilder().setOpType("Sum");
  private final List<List<NodeProto>> units = new ArrayList<>();

  private InputParts(List<NodeProto> unit, Map<String, TensorProto> constants) {
    this.node = unit.get(unit.size() - 1);
    this.before = unit.subList(0, unit.size() - 1);
    this.constants = constants;
    this.inputs = weights(unit, constants).getDims(0);
  }

  /** Returns whether an operator can be divided. */
  static boolean isDivisible(List<NodeProto> unit, Map<String, TensorProto> constants) {
    return unit.get(unit.size() - 1).getOpType().equals(MULTIPLICATION)
        && weights(unit, constants).getDimsCount() == 2
        && weights(unit, constants).getDims(0) > blockSize(unit);
  }

  /**
   * Returns the right factor, or the constant that becomes it; without dimensions if it is not a
   * constant.
   */
  private static TensorProto weights(List<NodeProto> unit, Map<String, TensorProto> constants) {
    String name = unit.get(0).getInput(unit.size() == 1 ? 1 : 0);
    return constants.getOrDefault(name, TensorProto.getDefaultInstance());
  }

  /** Returns how many inputs share a scale, 1 if there are no scales. */
  private static long blockSize(List<NodeProto> unit) {
    return unit.get(0).getAttributeList().stream()
        .filter(attribute -> attribute.getName().equals("block_size"))
        .findFirst()
        .map(AttributeProto::getI)
        .orElse(1L);
  }

  /**
   * Divides an operator.
   *
   * @param unit the multiplication, after the operator that turns its weights into floats, if there
   *     is one
   * @param constants by name; gets those of the parts
   * @param parts at least 2; fewer are made if blocks would be divided
   */
  static List<List<NodeProto>> of(
      List<NodeProto> unit, Map<String, TensorProto> constants, long parts) {
    InputParts divided = new InputParts(unit, constants);
    long height = (divided.inputs + parts - 1) / parts;
    long multiple = blockSize(unit);
    divided.divide((height + multiple - 1) / multiple * multiple);
    return divided.units;
  }

  private void divide(long height) {
    String sizes = node.getName() + ".sizes";
    TensorProto.Builder sizesOfParts = TensorProto.newBuilder().setName(sizes);
    sizesOfParts.setDataType(DataType.INT64.getNumber());
    units.add(List.of()); // the split's place
    for (long first = 0; first < inputs; first += height) {
      long count = Math.min(height, inputs - first);
      sizesOfParts.addInt64Data(count);
      units.add(part(first, count));
    }
    constants.put(sizes, sizesOfParts.addDims(sizesOfParts.getInt64DataCount()).build());
    split.setName(node.getName() + ".split").addInput(node.getInput(0)).addInput(sizes);
    split.addAttributeBuilder().setName("axis").setType(AttributeType.INT).setI(-1);
    units.set(0, List.of(split.build()));
    sum.setName(node.getName() + ".sum").addOutput(node.getOutput(0));
    units.add(List.of(sum.build()));
  }

  private List<NodeProto> part(long first, long count) {
    String suffix = ".inputs_" + first;
    List<NodeProto> nodes = new ArrayList<>();
    for (NodeProto earlier : before) {
      nodes.add(weightsOf(earlier, suffix, first, count).build());
    }
    String x = node.getInput(0) + "." + node.getName() + suffix;
    split.addOutput(x);
    NodeProto.Builder product = weightsOf(node, suffix, first, count).setInput(0, x);
    sum.addInput(product.getOutput(0));
    nodes.add(product.build());
    return nodes;
  }

  /** Returns an operator with some of the weights. */
  private NodeProto.Builder weightsOf(NodeProto whole, String suffix, long first, long count) {
    NodeProto.Builder part = whole.toBuilder().clearInput().clearOutput();
    part.setName(whole.getName() + suffix).addOutput(whole.getOutput(0) + suffix);
    for (String input : whole.getInputList()) {
      TensorProto constant = constants.get(input);
      if (constant != null) {
        constants.put(
            input + suffix, RowParts.part(constant, input + suffix, first, count, inputs));
      }
      part.addInput(input.isEmpty() ? input : input + suffix);
    }
    return part;
  }
}
