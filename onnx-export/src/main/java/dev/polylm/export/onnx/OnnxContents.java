package dev.polylm.export.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.polylm.PolyLmException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The contents of an ONNX model.
 *
 * @param operators how many times each operator is used; the name of an operator outside ai.onnx
 *     begins with its domain, such as {@code com.microsoft.Gelu}
 * @param constants the weights, in the file's order; one with several names is listed once
 */
public record OnnxContents(SortedMap<String, Integer> operators, List<Constant> constants) {
  /** Graphs hold only structure: a model of 40 layers takes 0.1 MB. */
  private static final int MAX_BYTES = 64 << 20;

  /**
   * A constant of the graph.
   *
   * @param type of its elements, such as {@code float}, {@code uint8}
   * @param bytes of its elements
   */
  public record Constant(String name, String type, long bytes) {}

  /**
   * Reads a model's structure; its weights are not read.
   *
   * @throws PolyLmException if the file can't be read or is not an ONNX model
   */
  public static OnnxContents read(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] content = in.readNBytes(MAX_BYTES + 1);
      if (content.length > MAX_BYTES) {
        throw new PolyLmException(
            "%s: has more than %s bytes, expected a graph without weights"
                .formatted(file.getFileName(), MAX_BYTES));
      }
      return of(ModelProto.parseFrom(content).getGraph());
    } catch (InvalidProtocolBufferException e) {
      throw new PolyLmException(
          "%s: is not an ONNX model: %s".formatted(file.getFileName(), e.getMessage()), e);
    } catch (IOException e) {
      throw new PolyLmException(
          "%s: can't be read: %s".formatted(file.getFileName(), e.getMessage()), e);
    }
  }

  private static OnnxContents of(GraphProto graph) {
    SortedMap<String, Integer> operators = new TreeMap<>();
    graph.getNodeList().forEach(node -> operators.merge(operator(node), 1, Integer::sum));
    Set<List<StringStringEntryProto>> places = new HashSet<>();
    List<Constant> constants =
        graph.getInitializerList().stream()
            .filter(
                tensor ->
                    tensor.getExternalDataCount() == 0 || places.add(tensor.getExternalDataList()))
            .map(tensor -> new Constant(tensor.getName(), type(tensor), bytes(tensor)))
            .toList();
    return new OnnxContents(operators, constants);
  }

  private static String operator(NodeProto node) {
    return node.getDomain().isEmpty()
        ? node.getOpType()
        : node.getDomain() + "." + node.getOpType();
  }

  private static String type(TensorProto tensor) {
    DataType type = DataType.forNumber(tensor.getDataType());
    return type == null ? "type " + tensor.getDataType() : type.name().toLowerCase(Locale.ROOT);
  }

  /**
   * Returns the length that external data states, or the length of a small constant in the graph.
   */
  static long bytes(TensorProto tensor) {
    for (StringStringEntryProto entry : tensor.getExternalDataList()) {
      if (entry.getKey().equals("length")) {
        return length(tensor, entry.getValue());
      }
    }
    return tensor.getRawData().size()
        + (long) tensor.getInt64DataCount() * Long.BYTES
        + (long) tensor.getFloatDataCount() * Float.BYTES;
  }

  private static long length(TensorProto tensor, String value) {
    if (!value.matches("[0-9]{1,18}")) {
      throw new PolyLmException(
          "%s: tensor %s has the length \"%s\", expected a number of bytes"
              .formatted(OnnxWriter.MODEL, tensor.getName(), value));
    }
    return Long.parseLong(value);
  }
}
