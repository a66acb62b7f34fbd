package dev.polylm.internal.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import dev.polylm.internal.runtime.RunTensors.RunShape;
import dev.polylm.model.GraphKind;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.OptionalLong;

/** The host's memory, which runs reach through ONNX Runtime's Java classes. */
record HostMemory(OrtEnvironment environment, GraphKind kind, int vocabSize)
    implements CacheMemory {

  @Override
  public String device() {
    return "cpu";
  }

  @Override
  public OptionalLong free() {
    return OptionalLong.empty();
  }

  @Override
  public NativeMemory allocate(int bytes) {
    return NativeMemory.allocate(bytes);
  }

  @Override
  public NativeMemory allocateHost(int bytes) {
    return NativeMemory.allocate(bytes);
  }

  @Override
  public RunTensors tensors(RunBuffers buffers, KeyValueCache cache, RunShape shape)
      throws OrtException {
    return RunTensors.of(kind, environment, buffers, cache, vocabSize, shape);
  }

  /**
   * Returns a view of some rows of a cache's tensor: [count, heads, capacity, headDim].
   *
   * @param index 2 * layer for the keys, 2 * layer + 1 for the values
   */
  static OnnxTensor view(
      OrtEnvironment environment, KeyValueCache cache, int index, int firstRow, int count)
      throws OrtException {
    int rowBytes = cache.tensorBytes(1, cache.capacity());
    NativeMemory block = (NativeMemory) cache.block(index); // this class allocated it
    ByteBuffer slice =
        block.buffer().slice(firstRow * rowBytes, count * rowBytes).order(ByteOrder.nativeOrder());
    return OnnxTensor.createTensor(
        environment, slice, cache.shape(count, cache.capacity()), cache.type());
  }

  @Override
  public void await() {}

  @Override
  public void close() {}
}
