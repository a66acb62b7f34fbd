package dev.polylm.export.graph;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import dev.polylm.PolyLmException;
import dev.polylm.export.quantize.BlockFormat;
import dev.polylm.export.quantize.QuantizedRows;
import dev.polylm.export.quantize.TensorQuantizer;
import dev.polylm.export.weights.Matrix;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A matrix [out, in] as codes [in, out], scales and zero points [blocks, out]. The standard's
 * DequantizeLinear turns them into the right factor of a product. Writing the codes computes all
 * three and keeps them until they are transposed, so the three must be written one after the other.
 */
final class StandardMatrix {
  private final Matrix matrix;
  private final BlockFormat format;
  private final BlockQuantizer scratch;
  private TensorQuantizer.@Nullable Result result;

  /**
   * @throws PolyLmException if two codes of a byte would belong to two inputs
   */
  StandardMatrix(Matrix matrix, BlockFormat format, BlockQuantizer scratch) {
    this.matrix = matrix;
    this.format = format;
    this.scratch = scratch;
    if (format.bits() == 4 && rows() % 2 != 0) {
      throw new PolyLmException(
          "%s has %s outputs, expected an even number for 4 bits in a portable graph"
              .formatted(name(), rows()));
    }
  }

  BlockFormat format() {
    return format;
  }

  private String name() {
    return matrix.name();
  }

  private int rows() {
    return Math.toIntExact(matrix.rows());
  }

  private int columns() {
    return Math.toIntExact(matrix.columns());
  }

  private int blocks() {
    return format.blocks(columns());
  }

  /** Returns the codes, [in, out], minus the middle code if there are no zero points. */
  ExternalTensor codes() {
    return new QuantizedPart(
        name(),
        type(),
        List.of(matrix.columns(), matrix.rows()),
        matrix::readAhead,
        this::writeCodes,
        () ->
            Optional.ofNullable(result)
                .map(found -> ExternalTensor.Summary.of(name(), format, found)));
  }

  /** Returns the scales, [blocks, out]. */
  ExternalTensor scales() {
    ScratchTable table = table(scalesAt(), blocks() * Float.BYTES, blocks(), Float.SIZE);
    return part(".scales", DataType.FLOAT, table);
  }

  /** Returns the zero points, [blocks, out]. */
  ExternalTensor zeroPoints() {
    int rowBytes = format.zeroPointBytes(columns());
    ScratchTable table = table(zeroPointsAt(), rowBytes, blocks(), format.bits());
    return part(".zero_points", type(), table);
  }

  private ExternalTensor part(String suffix, DataType type, ScratchTable table) {
    return QuantizedPart.computed(
        name() + suffix,
        type,
        List.of((long) blocks(), matrix.rows()),
        target -> table.write(0, target));
  }

  private ScratchTable table(long at, int rowBytes, int elements, int bits) {
    return new ScratchTable(scratch.file(), at, rows(), rowBytes, elements, bits);
  }

  private DataType type() {
    if (!format.zeroPoints()) {
      return DataType.INT8;
    }
    return format.bits() == 4 ? DataType.UINT4 : DataType.UINT8;
  }

  private long scalesAt() {
    return matrix.rows() * format.codeBytes(columns());
  }

  private long zeroPointsAt() {
    return scalesAt() + matrix.rows() * blocks() * Float.BYTES;
  }

  private void writeCodes(Consumer<ByteBuffer> target) {
    result = scratch.quantize(matrix, format, this::keep);
    int flip = format.zeroPoints() ? 0 : format.middle();
    table(0, format.codeBytes(columns()), columns(), format.bits()).write(flip, target);
  }

  private void keep(QuantizedRows rows) {
    int codeBytes = format.codeBytes(columns());
    keep(ByteBuffer.wrap(rows.codes(), 0, rows.rows() * codeBytes), 0, rows.firstRow(), codeBytes);
    long scalesOfRows = scalesAt() + (long) rows.firstRow() * blocks() * Float.BYTES;
    scratch.file().write(rows.scales(), rows.rows() * blocks(), scalesOfRows);
    int zeroPointBytes = format.zeroPointBytes(columns());
    ByteBuffer zeroPoints = ByteBuffer.wrap(rows.zeroPoints(), 0, rows.rows() * zeroPointBytes);
    keep(zeroPoints, zeroPointsAt(), rows.firstRow(), zeroPointBytes);
  }

  private void keep(ByteBuffer bytes, long position, int row, int rowBytes) {
    scratch.file().write(bytes, position + (long) row * rowBytes);
  }
}
