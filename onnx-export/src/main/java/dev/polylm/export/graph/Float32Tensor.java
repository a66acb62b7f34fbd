package dev.polylm.export.graph;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import dev.polylm.export.weights.Matrix;
import dev.polylm.export.weights.Vector;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.function.Consumer;

/**
 * Weights as floats of 32 bits.
 *
 * @param shape [rows, columns] of the source, or [columns] where it stands for a vector
 */
record Float32Tensor(String name, List<Long> shape, Matrix source) implements ExternalTensor {
  /**
   * The floats of a window: 16 MB, so that even of a matrix turned while it is read each window has
   * hundreds of rows, and each read fetches as many elements.
   */
  static final int WINDOW = 1 << 22;

  static Float32Tensor of(Matrix matrix) {
    return new Float32Tensor(matrix.name(), List.of(matrix.rows(), matrix.columns()), matrix);
  }

  static Float32Tensor of(Vector vector) {
    return new Float32Tensor(vector.name(), List.of(vector.size()), vector.asRow());
  }

  @Override
  public DataType type() {
    return DataType.FLOAT;
  }

  @Override
  public long bytes() {
    return source.rows() * source.columns() * Float.BYTES;
  }

  @Override
  public void write(Consumer<ByteBuffer> target) {
    // Whole rows, or a piece of a single row: a window's elements are consecutive either way.
    int width = (int) Math.min(source.columns(), WINDOW);
    int height = (int) Math.min(source.rows(), WINDOW / width);
    float[] floats = new float[height * width];
    ByteBuffer bytes =
        ByteBuffer.allocate(floats.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (long row = 0; row < source.rows(); row += height) {
      int rows = (int) Math.min(height, source.rows() - row);
      for (long column = 0; column < source.columns(); column += width) {
        int columns = (int) Math.min(width, source.columns() - column);
        source.read(row, rows, column, columns, floats);
        bytes.clear().limit(rows * columns * Float.BYTES);
        bytes.asFloatBuffer().put(floats, 0, rows * columns);
        target.accept(bytes);
      }
    }
  }
}
