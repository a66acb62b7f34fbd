package dev.polylm.export.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Divides an operator whose outputs each have a row of the weights: a multiplication, or a look-up
 * of columns. Each part has some of the rows and so some of the outputs, and another operator joins
 * the results. The weights stay in place.
 */
final class RowParts {
  private static final String QUANTIZED = "MatMulNBits";
  private static final Set<String> PLAIN = Set.of("MatMul", "Gather");
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
            .orElseGet(() -> first(node, constants).getDims(0));
  }

  /** Returns whether an operator can be divided. */
  static boolean isDivisible(NodeProto node, Map<String, TensorProto> constants) {
    return node.getOpType().equals(QUANTIZED)
        || (PLAIN.contains(node.getOpType())
            && first(node, constants).getDimsCount() == 2
            && !looksUpRows(node));
  }

  /**
   * Returns the left weights of a multiplication or a look-up; without dimensions for other
   * operators.
   */
  private static TensorProto first(NodeProto node, Map<String, TensorProto> constants) {
    return constants.getOrDefault(node.getInput(0), TensorProto.getDefaultInstance());
  }

  /**
   * A look-up of rows is not divided: the runtime maps the file and reads only the rows that it
   * needs.
   */
  private static boolean looksUpRows(NodeProto node) {
    return node.getAttributeList().stream()
        .anyMatch(attribute -> attribute.getName().equals("axis") && attribute.getI() == 0);
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
        constants.put(input + suffix, part(constant, input + suffix, first, count, rows));
        part.addInput(input + suffix);
      }
    }
    for (AttributeProto attribute : node.getAttributeList()) {
      boolean isRows = attribute.getName().equals(ROWS);
      part.addAttribute(isRows ? attribute.toBuilder().setI(count).build() : attribute);
    }
    nodes.add(part.build());
  }

  /**
   * Returns some rows of a constant. Its outermost dimension is the rows, one by one or several
   * together.
   *
   * @param of the number of all rows
   */
  static TensorProto part(TensorProto whole, String name, long first, long count, long of) {
    long bytes = OnnxContents.bytes(whole);
    TensorProto.Builder part = whole.toBuilder().setName(name).clearExternalData();
    part.setDims(0, whole.getDims(0) * count / of);
    for (StringStringEntryProto entry : whole.getExternalDataList()) {
      String value =
          switch (entry.getKey()) {
            case "offset" -> Long.toString(Long.parseLong(entry.getValue()) + bytes * first / of);
            case "length" -> Long.toString(bytes * count / of);
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
    int axis = node.getOpType().equals(QUANTIZED) ? -1 : 0;
    concat.addAttributeBuilder().setName("axis").setType(AttributeType.INT).setI(axis);
    nodes.add(concat.build());
  }
}
