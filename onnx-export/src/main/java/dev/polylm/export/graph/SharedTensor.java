package dev.polylm.export.graph;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Another name for a tensor whose bytes are in the file once.
 *
 * <p>ONNX Runtime fuses weights with the operator that uses them only if no other operator uses the
 * same constant. And if a Reshape gives a constant another shape, it copies the constant when it
 * loads the graph.
 *
 * @param shape of as many elements as the original has
 */
record SharedTensor(String name, ExternalTensor original, List<Long> shape)
    implements ExternalTensor {
  @Override
  public String storedAs() {
    return original.name();
  }

  @Override
  public DataType type() {
    return original.type();
  }

  @Override
  public long bytes() {
    return original.bytes();
  }

  @Override
  public void write(Consumer<ByteBuffer> target) {
    throw new IllegalStateException(name + " is written as " + original.name());
  }

  @Override
  public Optional<ExternalTensor.Summary> summary() {
    return Optional.empty();
  }
}
