package dev.polylm.export.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Makes several operators of one that multiplies with quantized weights, each with some of the rows
 * and so of the outputs, and one that joins what they give. The weights stay where they are.
 */
final class RowParts {
  private static final String OPERATOR = "MatMulNBits";
  private static final String ROWS = "N";

  private final NodeProto node;
  private final Map<String, TensorProto> constants;
  private final long rows;
  private final List<NodeProto> nodes = new ArrayList<>();

  /**
   * @param constants by name; gets those of the parts
   */
  private RowParts(NodeProto node, Map<String, TensorProto> constants) {
    this.node = node;
    this.constants = constants;
    this.rows =
        node.getAttributeList().stream()
            .filter(attribute -> attribute.getName().equals(ROWS))
            .findFirst()
            .map(AttributeProto::getI)
            .orElse(1L);
  }

  /** True of operators that can be made several. */
  static boolean isDivisible(NodeProto node) {
    return node.getOpType().equals(OPERATOR);
  }

  /**
   * Divides an operator.
   *
   * @param constants by name; gets those of the parts
   * @param parts at least 2
   */
  static List<NodeProto> of(NodeProto node, Map<String, TensorProto> constants, long parts) {
    RowParts divided = new RowParts(node, constants);
    long height = (divided.rows + parts - 1) / parts;
    for (long row = 0; row < divided.rows; row += height) {
      divided.add(row, Math.min(height, divided.rows - row));
    }
    divided.join();
    return divided.nodes;
  }

  private void add(long first, long count) {
    String suffix = ".rows_" + first;
    NodeProto.Builder part = node.toBuilder().clearInput().clearOutput().clearAttribute();
    part.setName(node.getName() + suffix).addOutput(node.getOutput(0) + suffix);
    for (String input : node.getInputList()) {
      TensorProto constant = constants.get(input);
      if (constant == null) {
        part.addInput(input);
      } else {
        constants.put(input + suffix, part(constant, input + suffix, first, count));
        part.addInput(input + suffix);
      }
    }
    for (AttributeProto attribute : node.getAttributeList()) {
      boolean isRows = attribute.getName().equals(ROWS);
      part.addAttribute(isRows ? attribute.toBuilder().setI(count).build() : attribute);
    }
    nodes.add(part.build());
  }

  /** Some rows of a constant whose outermost dimension is the rows, or holds them one by one. */
  private TensorProto part(TensorProto whole, String name, long first, long count) {
    long bytes = OnnxContents.bytes(whole) / rows;
    TensorProto.Builder part = whole.toBuilder().setName(name).clearExternalData();
    part.setDims(0, whole.getDims(0) / rows * count);
    for (StringStringEntryProto entry : whole.getExternalDataList()) {
      String value =
          switch (entry.getKey()) {
            case "offset" -> Long.toString(Long.parseLong(entry.getValue()) + first * bytes);
            case "length" -> Long.toString(count * bytes);
            default -> entry.getValue();
          };
      part.addExternalData(entry.toBuilder().setValue(value));
    }
    return part.build();
  }

  private void join() {
    NodeProto.Builder concat = NodeProto.newBuilder().setOpType("Concat");
    concat.setName(node.getName() + ".joined");
    nodes.forEach(part -> concat.addInput(part.getOutput(0)));
    concat.addOutput(node.getOutput(0));
    concat.addAttributeBuilder().setName("axis").setType(AttributeType.INT).setI(-1);
    nodes.add(concat.build());
  }
}
