package dev.polylm.export.graph;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import dev.polylm.export.quantize.BlockFormat;
import dev.polylm.export.quantize.TensorQuantizer;
import dev.polylm.export.weights.Matrix;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A matrix as codes, scales and zero points. Writing the codes computes all three, and keeps the
 * scales and zero points until they are written. So the three must be written one after the other.
 */
final class QuantizedMatrix {
  private final Matrix matrix;
  private final BlockFormat format;
  private final BlockQuantizer scratch;
  private TensorQuantizer.@Nullable Result result;

  QuantizedMatrix(Matrix matrix, BlockFormat format, BlockQuantizer scratch) {
    this.matrix = matrix;
    this.format = format;
    this.scratch = scratch;
  }

  BlockFormat format() {
    return format;
  }

  int rows() {
    return Math.toIntExact(matrix.rows());
  }

  int columns() {
    return Math.toIntExact(matrix.columns());
  }

  int blocks() {
    return format.blocks(columns());
  }

  String name() {
    return matrix.name();
  }

  /**
   * Returns the codes.
   *
   * @param shape of rows * codeBytes elements
   */
  ExternalTensor codes(long... shape) {
    List<Long> dimensions = Arrays.stream(shape).boxed().toList();
    return new QuantizedPart(
        name(), DataType.UINT8, dimensions, matrix::readAhead, this::writeCodes, this::summary);
  }

  /** Returns the scales, [rows, blocks]. */
  ExternalTensor scales() {
    return QuantizedPart.computed(
        name() + ".scales",
        DataType.FLOAT,
        List.of(matrix.rows(), (long) blocks()),
        target -> scratch.file().read(0, scaleBytes(), target));
  }

  /** Returns the zero points, packed like the codes, [rows, bytes of a row]. */
  ExternalTensor zeroPoints() {
    int rowBytes = format.zeroPointBytes(columns());
    return QuantizedPart.computed(
        name() + ".zero_points",
        DataType.UINT8,
        List.of(matrix.rows(), (long) rowBytes),
        target -> scratch.file().read(scaleBytes(), (long) rows() * rowBytes, target));
  }

  private long scaleBytes() {
    return matrix.rows() * blocks() * Float.BYTES;
  }

  private void writeCodes(Consumer<ByteBuffer> target) {
    int codeBytes = format.codeBytes(columns());
    int zeroPointBytes = format.zeroPointBytes(columns());
    result =
        scratch.quantize(
            matrix,
            format,
            rows -> {
              target.accept(ByteBuffer.wrap(rows.codes(), 0, rows.rows() * codeBytes));
              long scalesAt = (long) rows.firstRow() * blocks() * Float.BYTES;
              scratch.file().write(rows.scales(), rows.rows() * blocks(), scalesAt);
              ByteBuffer zeroPoints =
                  ByteBuffer.wrap(rows.zeroPoints(), 0, rows.rows() * zeroPointBytes);
              long at = scaleBytes() + (long) rows.firstRow() * zeroPointBytes;
              scratch.file().write(zeroPoints, at);
            });
  }

  private Optional<ExternalTensor.Summary> summary() {
    return Optional.ofNullable(result)
        .map(found -> ExternalTensor.Summary.of(name(), format, found));
  }
}
