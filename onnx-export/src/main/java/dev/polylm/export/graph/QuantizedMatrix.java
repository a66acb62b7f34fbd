package dev.polylm.export.graph;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import dev.polylm.export.quantize.BlockFormat;
import dev.polylm.export.quantize.QuantizationResult;
import dev.polylm.export.quantize.QuantizedRows;
import dev.polylm.export.weights.Matrix;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A matrix as codes, scales and zero points. Writing the codes computes all three; the others are
 * kept aside until it is their turn, so the three must be written one after the other.
 */
final class QuantizedMatrix {
  private final Matrix matrix;
  private final BlockFormat format;
  private final Scratch scratch;
  private @Nullable QuantizationResult result;

  /** Quantizes matrices, and keeps what is written after the codes of the last of them. */
  interface Scratch {
    QuantizationResult quantize(Matrix matrix, BlockFormat format, QuantizedRows.Sink sink);

    ScratchFile file();
  }

  QuantizedMatrix(Matrix matrix, BlockFormat format, Scratch scratch) {
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
   * The codes.
   *
   * @param shape of rows * codeBytes elements
   */
  ExternalTensor codes(long... shape) {
    return new Part("", DataType.UINT8, shape, this::writeCodes);
  }

  /** The scales, [rows, blocks]. */
  ExternalTensor scales() {
    return new Part(
        ".scales",
        DataType.FLOAT,
        new long[] {rows(), blocks()},
        target -> scratch.file().read(0, scaleBytes(), target));
  }

  /** The zero points, packed as the codes, [rows, bytes of a row]. */
  ExternalTensor zeroPoints() {
    int rowBytes = format.zeroPointBytes(columns());
    return new Part(
        ".zero_points",
        DataType.UINT8,
        new long[] {rows(), rowBytes},
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
              keepScales(rows);
              ByteBuffer zeroPoints =
                  ByteBuffer.wrap(rows.zeroPoints(), 0, rows.rows() * zeroPointBytes);
              long at = scaleBytes() + (long) rows.firstRow() * zeroPointBytes;
              scratch.file().write(zeroPoints, at);
            });
  }

  private void keepScales(QuantizedRows rows) {
    int count = rows.rows() * blocks();
    ByteBuffer bytes = ByteBuffer.allocate(count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(rows.scales(), 0, count);
    scratch.file().write(bytes, (long) rows.firstRow() * blocks() * Float.BYTES);
  }

  /** One of the three. */
  private final class Part implements ExternalTensor {
    private final String suffix;
    private final DataType type;
    private final List<Long> shape;
    private final Consumer<Consumer<ByteBuffer>> writer;

    Part(String suffix, DataType type, long[] shape, Consumer<Consumer<ByteBuffer>> writer) {
      this.suffix = suffix;
      this.type = type;
      this.shape = Arrays.stream(shape).boxed().toList();
      this.writer = writer;
    }

    @Override
    public String name() {
      return matrix.name() + suffix;
    }

    @Override
    public DataType type() {
      return type;
    }

    @Override
    public List<Long> shape() {
      return shape;
    }

    @Override
    public long bytes() {
      long elements = shape.stream().reduce(1L, Math::multiplyExact);
      return type == DataType.FLOAT ? elements * Float.BYTES : elements;
    }

    @Override
    public void write(Consumer<ByteBuffer> target) {
      writer.accept(target);
    }

    @Override
    public Optional<WeightSummary> summary() {
      if (result == null || !suffix.isEmpty()) {
        return Optional.empty();
      }
      String typeName = "int%d block %d".formatted(format.bits(), format.blockSize());
      return Optional.of(
          new WeightSummary(name(), typeName, result.bytes(), result.relativeError()));
    }
  }
}
