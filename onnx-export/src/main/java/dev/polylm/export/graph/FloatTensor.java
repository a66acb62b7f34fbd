package dev.polylm.export.graph;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import dev.polylm.export.weights.Matrix;
import dev.polylm.export.weights.Vector;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Weights as floats of 32 or 16 bits. */
final class FloatTensor implements ExternalTensor {
  /**
   * The floats of a window: 16 MB. So each window of a matrix that is transposed while it is read
   * still has hundreds of rows, and each read fetches as many elements.
   */
  static final int WINDOW = 1 << 22;

  private final FloatType floats;
  private final Matrix source;
  private final List<Long> shape;
  private double relativeError;

  private FloatTensor(FloatType floats, Matrix source, List<Long> shape) {
    this.floats = floats;
    this.source = source;
    this.shape = shape;
  }

  /** Creates a matrix, [rows, columns]. */
  static FloatTensor of(FloatType floats, Matrix matrix) {
    return new FloatTensor(floats, matrix, List.of(matrix.rows(), matrix.columns()));
  }

  /** Creates a vector, [size]. */
  static FloatTensor of(FloatType floats, Vector vector) {
    return new FloatTensor(floats, vector.asRow(), List.of(vector.size()));
  }

  @Override
  public String name() {
    return source.name();
  }

  @Override
  public DataType type() {
    return floats.type();
  }

  @Override
  public List<Long> shape() {
    return shape;
  }

  @Override
  public long bytes() {
    return source.rows() * source.columns() * floats.bytes();
  }

  @Override
  public void readAhead() {
    source.readAhead();
  }

  @Override
  public void write(Consumer<ByteBuffer> target) {
    // Whole rows, or a piece of a single row: a window's elements are consecutive either way.
    int width = (int) Math.min(source.columns(), WINDOW);
    int height = (int) Math.min(source.rows(), WINDOW / width);
    float[] window = new float[height * width];
    ByteBuffer bytes =
        ByteBuffer.allocate(window.length * floats.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    FloatType.Encoder encoder = floats.encoder(name());
    for (long row = 0; row < source.rows(); row += height) {
      int rows = (int) Math.min(height, source.rows() - row);
      for (long column = 0; column < source.columns(); column += width) {
        int columns = (int) Math.min(width, source.columns() - column);
        source.read(row, rows, column, columns, window);
        encoder.encode(window, rows * columns, bytes.clear());
        target.accept(bytes.flip());
      }
    }
    relativeError = encoder.relativeError();
  }

  @Override
  public Optional<ExternalTensor.Summary> summary() {
    return Optional.of(
        new ExternalTensor.Summary(name(), floats.typeName(), bytes(), relativeError));
  }
}
