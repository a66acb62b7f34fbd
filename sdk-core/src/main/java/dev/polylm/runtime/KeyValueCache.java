package dev.polylm.runtime;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import dev.polylm.PolyLmException;
import dev.polylm.model.ModelDimensions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The cached keys and values of some rows, in direct buffers that ONNX Runtime reads as past and
 * writes as present.
 *
 * <p>Each layer has a buffer of keys and one of values, both [rows, heads, capacity, headDim] in
 * the graph's type. Row r's part is contiguous, so a run may see any range of rows as its batch.
 */
final class KeyValueCache {
  private final ModelDimensions dimensions;
  private final OnnxJavaType type;
  private final int rows;
  private final int capacity;
  private final ByteBuffer[] buffers; // 2 * layers: the keys and the values of each layer in turn

  /**
   * @param type of an element: FLOAT or FLOAT16
   */
  KeyValueCache(ModelDimensions dimensions, OnnxJavaType type, int rows, int capacity) {
    this.dimensions = dimensions;
    this.type = type;
    this.rows = rows;
    this.capacity = capacity;
    this.buffers = new ByteBuffer[2 * dimensions.layers()];
    long bytes = rows * rowBytes();
    if (bytes > Integer.MAX_VALUE) {
      throw new PolyLmException(
          "%d rows of %d positions need %d bytes of cache a tensor, the most is %d"
              .formatted(rows, capacity, bytes, Integer.MAX_VALUE));
    }
    try {
      for (int i = 0; i < buffers.length; i++) {
        buffers[i] = ByteBuffer.allocateDirect((int) bytes).order(ByteOrder.nativeOrder());
      }
    } catch (OutOfMemoryError e) {
      throw new PolyLmException(
          "the key/value cache of %d rows of %d positions needs %d bytes of direct memory: %s"
              .formatted(rows, capacity, bytes * buffers.length, e.getMessage()),
          e);
    }
  }

  int capacity() {
    return capacity;
  }

  int rows() {
    return rows;
  }

  private long headBytes() {
    return (long) capacity * positionBytes();
  }

  private int positionBytes() {
    return dimensions.headDim() * type.size;
  }

  private long rowBytes() {
    return dimensions.heads() * headBytes();
  }

  /** The number of tensors: keys and values of every layer. */
  int tensors() {
    return buffers.length;
  }

  /**
   * A view of some rows of a tensor: [count, heads, capacity, headDim].
   *
   * @param index 2 * layer for the keys, 2 * layer + 1 for the values
   */
  OnnxTensor view(OrtEnvironment environment, int index, int firstRow, int count)
      throws OrtException {
    ByteBuffer slice =
        buffers[index]
            .slice((int) (firstRow * rowBytes()), (int) (count * rowBytes()))
            .order(ByteOrder.nativeOrder());
    long[] shape = {count, dimensions.heads(), capacity, dimensions.headDim()};
    return OnnxTensor.createTensor(environment, slice, shape, type);
  }

  /** Copies positions [from, to) of a row into another row. */
  void copy(int sourceRow, int targetRow, int from, int to) {
    int length = (to - from) * positionBytes();
    for (ByteBuffer buffer : buffers) {
      for (int head = 0; head < dimensions.heads(); head++) {
        long inRow = head * headBytes() + (long) from * positionBytes();
        buffer.put(
            (int) (targetRow * rowBytes() + inRow),
            buffer,
            (int) (sourceRow * rowBytes() + inRow),
            length);
      }
    }
  }
}
