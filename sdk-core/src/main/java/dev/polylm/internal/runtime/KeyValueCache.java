package dev.polylm.internal.runtime;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import dev.polylm.PolyLmException;
import dev.polylm.model.ModelDimensions;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/**
 * The cached keys and values of some rows, in native memory. ONNX Runtime reads it as past and
 * writes it as present.
 *
 * <p>Each layer has a tensor of keys and one of values, both [rows, heads, capacity, headDim] in
 * the graph's type. The part of each row is contiguous, so a run may use any range of rows as its
 * batch.
 */
final class KeyValueCache implements AutoCloseable {
  private final ModelDimensions dimensions;
  private final OnnxJavaType type;
  private int rows;
  private int capacity;
  private final NativeMemory[] tensors; // 2 * layers: keys and values of each layer in turn

  /**
   * @param type the type of an element: FLOAT, FLOAT16 or INT8
   */
  KeyValueCache(ModelDimensions dimensions, OnnxJavaType type, int rows, int capacity) {
    this.dimensions = dimensions;
    this.type = type;
    this.rows = rows;
    this.capacity = capacity;
    this.tensors = new NativeMemory[2 * dimensions.layers()];
    try {
      for (int i = 0; i < tensors.length; i++) {
        tensors[i] = NativeMemory.allocate(tensorBytes(rows, capacity));
      }
    } catch (PolyLmException e) {
      close();
      throw e;
    }
  }

  /** Returns the size in bytes of a tensor with so many rows and positions. */
  int tensorBytes(int ofRows, int ofCapacity) {
    long bytes = (long) ofRows * dimensions.heads() * ofCapacity * positionBytes();
    if (bytes > Integer.MAX_VALUE) {
      throw new PolyLmException(
          "%d rows of %d positions need %d bytes of cache for each tensor, expected at most %d"
              .formatted(ofRows, ofCapacity, bytes, Integer.MAX_VALUE));
    }
    return (int) bytes;
  }

  int capacity() {
    return capacity;
  }

  int rows() {
    return rows;
  }

  /** Returns the bytes of a position of one head of one row. */
  private int positionBytes() {
    return dimensions.headDim() * type.size;
  }

  /** Returns the number of tensors: keys and values of every layer. */
  int tensors() {
    return tensors.length;
  }

  /**
   * Returns a view of some rows of a tensor: [count, heads, capacity, headDim].
   *
   * @param index 2 * layer for the keys, 2 * layer + 1 for the values
   */
  OnnxTensor view(OrtEnvironment environment, int index, int firstRow, int count)
      throws OrtException {
    int rowBytes = tensorBytes(1, capacity);
    ByteBuffer slice =
        tensors[index]
            .buffer()
            .slice(firstRow * rowBytes, count * rowBytes)
            .order(ByteOrder.nativeOrder());
    return OnnxTensor.createTensor(environment, slice, shape(count, capacity), type);
  }

  OnnxJavaType type() {
    return type;
  }

  /** Returns the shape of a tensor of so many rows and positions. */
  long[] shape(int ofRows, int ofCapacity) {
    return new long[] {ofRows, dimensions.heads(), ofCapacity, dimensions.headDim()};
  }

  /**
   * Copies new positions into a tensor. They come from another tensor with as many heads, where
   * they follow this cache's capacity.
   *
   * @param index 2 * layer for the keys, 2 * layer + 1 for the values
   * @param position their place in the row
   * @param present [batch, heads, capacity + count, headDim]
   * @param presentRow the row of the batch
   */
  void append(int index, int row, int position, ByteBuffer present, int presentRow, int count) {
    int total = capacity + count;
    copy(
        present,
        offset(presentRow, total, capacity),
        (long) total * positionBytes(),
        tensors[index].buffer(),
        offset(row, capacity, position),
        (long) capacity * positionBytes(),
        count * positionBytes());
  }

  /**
   * Copies positions [from, to) of a row into a row of this cache or another cache of the model.
   */
  void copy(int sourceRow, KeyValueCache target, int targetRow, int from, int to) {
    for (int i = 0; i < tensors.length; i++) {
      copy(
          tensors[i].buffer(),
          offset(sourceRow, capacity, from),
          (long) capacity * positionBytes(),
          target.tensors[i].buffer(),
          offset(targetRow, target.capacity, from),
          (long) target.capacity * positionBytes(),
          (to - from) * positionBytes());
    }
  }

  /** Returns a cache of exactly the first positions of a row. */
  KeyValueCache copyOfRow(int row, int length) {
    KeyValueCache copied = new KeyValueCache(dimensions, type, 1, length);
    copy(row, copied, 0, 0, length);
    return copied;
  }

  /** Writes all tensors one after the other, in the machine's byte order. */
  void writeTo(OutputStream out) throws IOException {
    WritableByteChannel channel = Channels.newChannel(out);
    for (NativeMemory tensor : tensors) {
      ByteBuffer buffer = tensor.buffer().duplicate();
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
    }
  }

  /** Reads what {@link #writeTo} wrote. */
  void readFrom(InputStream in) throws IOException {
    ReadableByteChannel channel = Channels.newChannel(in);
    for (NativeMemory tensor : tensors) {
      ByteBuffer buffer = tensor.buffer().duplicate();
      while (buffer.hasRemaining()) {
        if (channel.read(buffer) < 0) {
          throw new EOFException("the keys and values end too early");
        }
      }
    }
  }

  private int offset(int row, int ofCapacity, int position) {
    return Math.toIntExact(
        ((long) row * dimensions.heads() * ofCapacity + position) * positionBytes());
  }

  /** Copies a range of positions of each head of a row. */
  private void copy(
      ByteBuffer source,
      int sourceOffset,
      long sourceStride,
      ByteBuffer target,
      int targetOffset,
      long targetStride,
      int length) {
    for (int head = 0; head < dimensions.heads(); head++) {
      target.put(
          (int) (targetOffset + head * targetStride),
          source,
          (int) (sourceOffset + head * sourceStride),
          length);
    }
  }

  /** Exchanges two rows. */
  void swap(int a, int b) {
    int bytes = tensorBytes(1, capacity);
    byte[] row = new byte[bytes];
    for (NativeMemory tensor : tensors) {
      ByteBuffer buffer = tensor.buffer();
      buffer.get(a * bytes, row);
      buffer.put(a * bytes, buffer, b * bytes, bytes);
      buffer.put(b * bytes, row);
    }
  }

  /**
   * Changes the size, tensor by tensor, so that at most one tensor exists twice.
   *
   * @param lengths how many positions of each row are kept; rows beyond the new number are lost
   * @throws PolyLmException if there is not enough memory; the cache can then only be closed
   */
  void resize(int newRows, int newCapacity, int[] lengths) {
    for (int i = 0; i < tensors.length; i++) {
      NativeMemory old = tensors[i];
      NativeMemory wanted = NativeMemory.allocate(tensorBytes(newRows, newCapacity));
      for (int row = 0; row < Math.min(rows, newRows); row++) {
        copy(
            old.buffer(),
            offset(row, capacity, 0),
            (long) capacity * positionBytes(),
            wanted.buffer(),
            offset(row, newCapacity, 0),
            (long) newCapacity * positionBytes(),
            Math.min(lengths[row], newCapacity) * positionBytes());
      }
      tensors[i] = wanted;
      old.close();
    }
    rows = newRows;
    capacity = newCapacity;
  }

  /** Frees the memory; idempotent. */
  @Override
  public void close() {
    for (NativeMemory tensor : tensors) {
      if (tensor != null) { // not allocated yet if memory ran out
        tensor.close();
      }
    }
  }
}
