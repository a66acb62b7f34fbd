package dev.polylm.export.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.NodeProto;
import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The operators that graphs use, with every input, output and attribute that is used here.
 * Operators of ai.onnx follow opset {@value #OPSET}
 * (https://github.com/onnx/onnx/blob/v1.16.0/docs/Operators.md), operators of com.microsoft follow
 * version {@value #MICROSOFT_VERSION}
 * (https://github.com/microsoft/onnxruntime/blob/v1.22.0/docs/ContribOperators.md).
 */
enum Operator {
  ADD("", "Add", 2, 1, Map.of()),
  AND("", "And", 2, 1, Map.of()),
  CAST("", "Cast", 1, 1, Map.of("to", AttributeType.INT)),
  CONCAT("", "Concat", 2, 1, Map.of("axis", AttributeType.INT)),

  /** (codes, scales, zero points) to (codes - zero points) * scales, by blocks along an axis. */
  DEQUANTIZE_LINEAR(
      "",
      "DequantizeLinear",
      3,
      1,
      Map.of("axis", AttributeType.INT, "block_size", AttributeType.INT)),
  GATHER("", "Gather", 2, 1, Map.of("axis", AttributeType.INT)),
  LAYER_NORMALIZATION(
      "",
      "LayerNormalization",
      3,
      1,
      Map.of("axis", AttributeType.INT, "epsilon", AttributeType.FLOAT)),
  LESS_OR_EQUAL("", "LessOrEqual", 2, 1, Map.of()),
  MAT_MUL("", "MatMul", 2, 1, Map.of()),
  MUL("", "Mul", 2, 1, Map.of()),
  RANGE("", "Range", 3, 1, Map.of()),
  RELU("", "Relu", 1, 1, Map.of()),
  RESHAPE("", "Reshape", 2, 1, Map.of()),
  SHAPE("", "Shape", 1, 1, Map.of()),
  SIGMOID("", "Sigmoid", 1, 1, Map.of()),
  SOFTMAX("", "Softmax", 1, 1, Map.of("axis", AttributeType.INT)),

  /** Into three parts. */
  SPLIT("", "Split", 1, 3, Map.of("axis", AttributeType.INT, "num_outputs", AttributeType.INT)),

  /** {@link #GELU}, or {@link #FAST_GELU} if approximate is tanh. */
  STANDARD_GELU("", "Gelu", 1, 1, Map.of("approximate", AttributeType.STRING)),
  SUB("", "Sub", 2, 1, Map.of()),
  TANH("", "Tanh", 1, 1, Map.of()),
  TRANSPOSE("", "Transpose", 1, 1, Map.of("perm", AttributeType.INTS)),
  UNSQUEEZE("", "Unsqueeze", 2, 1, Map.of()),
  WHERE("", "Where", 3, 1, Map.of()),

  /** x / 2 * (1 + erf(x / sqrt(2))). */
  GELU(Operator.MICROSOFT, "Gelu", 1, 1, Map.of()),

  /** x / 2 * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 x^3))). */
  FAST_GELU(Operator.MICROSOFT, "FastGelu", 1, 1, Map.of()),

  /** x * sigmoid(alpha x). */
  QUICK_GELU(Operator.MICROSOFT, "QuickGelu", 1, 1, Map.of("alpha", AttributeType.FLOAT)),

  /** (x, skip, gain, shift) to (normed x + skip, mean, inverse deviation, x + skip). */
  SKIP_LAYER_NORMALIZATION(
      Operator.MICROSOFT, "SkipLayerNormalization", 4, 4, Map.of("epsilon", AttributeType.FLOAT)),

  /**
   * (query with key and value packed after it, none, none, past key, past value, seqlens_k,
   * total_sequence_length) to (attended values, present key, present value).
   */
  GROUP_QUERY_ATTENTION(
      Operator.MICROSOFT,
      "GroupQueryAttention",
      7,
      3,
      Map.of(
          "num_heads", AttributeType.INT,
          "kv_num_heads", AttributeType.INT,
          "scale", AttributeType.FLOAT)),

  /**
   * Works like {@link #GROUP_QUERY_ATTENTION}, with past and present in integers. The last inputs
   * are the scales of keys and then of values, float [heads, 1, head_dim]. The inputs between them
   * and total_sequence_length are never given.
   */
  GROUP_QUERY_ATTENTION_IN_INTEGERS(
      Operator.MICROSOFT,
      "GroupQueryAttention",
      14,
      3,
      Map.of(
          "num_heads", AttributeType.INT,
          "kv_num_heads", AttributeType.INT,
          "scale", AttributeType.FLOAT,
          "k_quant_type", AttributeType.STRING,
          "v_quant_type", AttributeType.STRING,
          "kv_cache_bit_width", AttributeType.INT)),

  /** (codes, indices, scales, zero points) to the rows of those indices as floats. */
  GATHER_BLOCK_QUANTIZED(
      Operator.MICROSOFT,
      "GatherBlockQuantized",
      4,
      1,
      Map.of(
          "gather_axis", AttributeType.INT,
          "quantize_axis", AttributeType.INT,
          "bits", AttributeType.INT,
          "block_size", AttributeType.INT)),

  /** (x, codes, scales, zero points, none, bias) to x W^T + bias, where W is [N, K]. */
  MAT_MUL_N_BITS(
      Operator.MICROSOFT,
      "MatMulNBits",
      6,
      1,
      Map.of(
          "K", AttributeType.INT,
          "N", AttributeType.INT,
          "bits", AttributeType.INT,
          "block_size", AttributeType.INT,
          "accuracy_level", AttributeType.INT));

  static final int OPSET = 21;
  static final int MICROSOFT_VERSION = 1;
  static final String MICROSOFT = "com.microsoft";

  private final String domain;
  private final String type;
  private final int inputs;
  private final int outputs;

  @SuppressWarnings("ImmutableEnumChecker") // every map here is made by Map.of
  private final Map<String, AttributeType> attributes;

  Operator(
      String domain, String type, int inputs, int outputs, Map<String, AttributeType> attributes) {
    this.domain = domain;
    this.type = type;
    this.inputs = inputs;
    this.outputs = outputs;
    this.attributes = attributes;
  }

  String type() {
    return type;
  }

  int outputs() {
    return outputs;
  }

  /**
   * Returns a use of the operator.
   *
   * @param from names of all inputs; an empty one is left out
   * @param to names of all outputs
   * @param values of all attributes: Integer, Float, String, or List of Integer
   * @throws IllegalArgumentException if inputs, outputs or attributes are not the operator's
   */
  NodeProto node(String name, List<String> from, List<String> to, Map<String, Object> values) {
    if (from.size() != inputs || to.size() != outputs) {
      throw new IllegalArgumentException(
          "%s %s has %s inputs and %s outputs, expected %s and %s"
              .formatted(type, name, from.size(), to.size(), inputs, outputs));
    }
    if (!values.keySet().equals(attributes.keySet())) {
      throw new IllegalArgumentException(
          "%s %s has attributes %s, expected %s"
              .formatted(type, name, values.keySet(), attributes.keySet()));
    }
    NodeProto.Builder node = NodeProto.newBuilder().setName(name).setDomain(domain);
    node.setOpType(type).addAllInput(given(from)).addAllOutput(to);
    new TreeMap<>(values).forEach((key, value) -> node.addAttribute(attribute(key, value)));
    return node.build();
  }

  /** Removes the omitted inputs at the end. */
  private static List<String> given(List<String> inputs) {
    int end = inputs.size();
    while (end > 0 && inputs.get(end - 1).isEmpty()) {
      end--;
    }
    return inputs.subList(0, end);
  }

  private AttributeProto attribute(String key, Object value) {
    AttributeProto.Builder attribute = AttributeProto.newBuilder().setName(key);
    if (value instanceof Integer number) {
      attribute.setType(AttributeType.INT).setI(number);
    } else if (value instanceof Float number) {
      attribute.setType(AttributeType.FLOAT).setF(number);
    } else if (value instanceof String text) {
      attribute.setType(AttributeType.STRING).setS(ByteString.copyFromUtf8(text));
    } else if (value instanceof List<?> numbers) {
      attribute.setType(AttributeType.INTS);
      numbers.forEach(number -> attribute.addInts(((Integer) number).longValue()));
    }
    if (attribute.getType() != attributes.get(key)) {
      throw new IllegalArgumentException(
          "%s's attribute %s is %s, expected %s".formatted(type, key, value, attributes.get(key)));
    }
    return attribute.build();
  }
}
