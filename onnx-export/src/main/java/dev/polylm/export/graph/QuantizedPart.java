package dev.polylm.export.graph;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One of the tensors that a quantized matrix is stored as.
 *
 * @param type of 32, 8 or 4 bits
 * @param preparation prepares for the writer, on another thread
 * @param writer writes all elements to its argument
 * @param whole reports how the matrix was stored; called after the tensor is written
 */
record QuantizedPart(
    String name,
    DataType type,
    List<Long> shape,
    Runnable preparation,
    Consumer<Consumer<ByteBuffer>> writer,
    Supplier<Optional<ExternalTensor.Summary>> whole)
    implements ExternalTensor {

  @Override
  public long bytes() {
    long elements = shape.stream().reduce(1L, Math::multiplyExact);
    return switch (type) {
      case FLOAT -> elements * Float.BYTES;
      case UINT4 -> elements / 2;
      default -> elements;
    };
  }

  /** Returns a part that is not read, but computed together with another. */
  static QuantizedPart computed(
      String name, DataType type, List<Long> shape, Consumer<Consumer<ByteBuffer>> writer) {
    return new QuantizedPart(name, type, shape, () -> {}, writer, Optional::empty);
  }

  @Override
  public void readAhead() {
    preparation.run();
  }

  @Override
  public void write(Consumer<ByteBuffer> target) {
    writer.accept(target);
  }

  @Override
  public Optional<ExternalTensor.Summary> summary() {
    return whole.get();
  }
}
