package dev.polylm.export.graph;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The scales of a layer's cached keys or values, known only when they are written.
 *
 * @param name such as {@code h.3.attn.key_scales}
 * @param scales [heads * headDim]
 */
record ScaleTensor(String name, int heads, int headDim, Supplier<float[]> scales)
    implements ExternalTensor {

  @Override
  public DataType type() {
    return DataType.FLOAT;
  }

  @Override
  public List<Long> shape() {
    return List.of((long) heads, 1L, (long) headDim);
  }

  @Override
  public long bytes() {
    return (long) heads * headDim * Float.BYTES;
  }

  @Override
  public void write(Consumer<ByteBuffer> target) {
    ByteBuffer bytes = ByteBuffer.allocate((int) bytes()).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(scales.get());
    target.accept(bytes);
  }

  /** This is not a weight. */
  @Override
  public Optional<ExternalTensor.Summary> summary() {
    return Optional.empty();
  }
}
