package dev.polylm.internal.runtime;

import ai.onnxruntime.OnnxJavaType;
import dev.polylm.PolyLmException;
import dev.polylm.model.ModelDimensions;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * The cached keys and values of some rows. ONNX Runtime reads it as past and writes it as present.
 *
 * <p>Each layer has a tensor of keys and one of values, both [rows, heads, capacity, headDim] in
 * the graph's type. The part of each row is contiguous, so a run may use any range of rows as its
 * batch.
 */
final class KeyValueCache implements AutoCloseable {
  private static final int PIECE_BYTES = 1 << 20;

  private final CacheMemory memory;
  private final ModelDimensions dimensions;
  private final OnnxJavaType type;
  private int rows;
  private int capacity;
  private final CacheBlock[] tensors; // 2 * layers: keys and values of each layer in turn
  private @Nullable CacheBlock exchanged; // a row of a tensor, while two rows are exchanged

  /**
   * @param type the type of an element: FLOAT, FLOAT16 or INT8
   */
  KeyValueCache(
      CacheMemory memory, ModelDimensions dimensions, OnnxJavaType type, int rows, int capacity) {
    this.memory = memory;
    this.dimensions = dimensions;
    this.type = type;
    this.rows = rows;
    this.capacity = capacity;
    this.tensors = new CacheBlock[2 * dimensions.layers()];
    try {
      for (int i = 0; i < tensors.length; i++) {
        tensors[i] = memory.allocate(tensorBytes(rows, capacity));
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
          "%s rows of %s positions need %s bytes of cache for each tensor, expected at most %s"
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
   * Returns a tensor's memory.
   *
   * @param index 2 * layer for the keys, 2 * layer + 1 for the values
   */
  CacheBlock block(int index) {
    return tensors[index];
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
  void append(int index, int row, int position, CacheBlock present, int presentRow, int count) {
    int total = capacity + count;
    present.copy(
        offset(presentRow, total, capacity),
        (long) total * positionBytes(),
        tensors[index],
        offset(row, capacity, position),
        (long) capacity * positionBytes(),
        count * positionBytes(),
        dimensions.heads());
  }

  /**
   * Copies positions [from, to) of a row into a row of this cache or another cache of the model.
   */
  void copy(int sourceRow, KeyValueCache target, int targetRow, int from, int to) {
    for (int i = 0; i < tensors.length; i++) {
      tensors[i].copy(
          offset(sourceRow, capacity, from),
          (long) capacity * positionBytes(),
          target.tensors[i],
          offset(targetRow, target.capacity, from),
          (long) target.capacity * positionBytes(),
          (to - from) * positionBytes(),
          dimensions.heads());
    }
    memory.await();
  }

  /** Returns a cache of exactly the first positions of a row. */
  KeyValueCache copyOfRow(int row, int length) {
    KeyValueCache copied = new KeyValueCache(memory, dimensions, type, 1, length);
    copy(row, copied, 0, 0, length);
    return copied;
  }

  /** Writes all tensors one after the other, in the machine's byte order. */
  void writeTo(OutputStream out) throws IOException {
    int bytes = tensorBytes(rows, capacity);
    byte[] piece = new byte[Math.min(bytes, PIECE_BYTES)];
    for (CacheBlock tensor : tensors) {
      for (int at = 0; at < bytes; at += piece.length) {
        int length = Math.min(piece.length, bytes - at);
        tensor.read(at, piece, length);
        out.write(piece, 0, length);
      }
    }
  }

  /** Reads what {@link #writeTo} wrote. */
  void readFrom(InputStream in) throws IOException {
    int bytes = tensorBytes(rows, capacity);
    byte[] piece = new byte[Math.min(bytes, PIECE_BYTES)];
    for (CacheBlock tensor : tensors) {
      for (int at = 0; at < bytes; at += piece.length) {
        int length = Math.min(piece.length, bytes - at);
        if (in.readNBytes(piece, 0, length) < length) {
          throw new EOFException("the keys and values end too early");
        }
        tensor.write(at, piece, length);
      }
    }
    memory.await();
  }

  private long offset(int row, int ofCapacity, int position) {
    return ((long) row * dimensions.heads() * ofCapacity + position) * positionBytes();
  }

  /** Exchanges two rows. */
  void swap(int a, int b) {
    if (a == b) {
      return;
    }
    int bytes = tensorBytes(1, capacity);
    CacheBlock aside = exchanged;
    if (aside == null) {
      aside = memory.allocate(bytes);
      exchanged = aside;
    }
    for (CacheBlock tensor : tensors) {
      tensor.copy((long) a * bytes, 0, aside, 0, 0, bytes, 1);
      tensor.copy((long) b * bytes, 0, tensor, (long) a * bytes, 0, bytes, 1);
      aside.copy(0, 0, tensor, (long) b * bytes, 0, bytes, 1);
    }
    memory.await();
  }

  /**
   * Changes the size, tensor by tensor, so that at most one tensor exists twice.
   *
   * @param lengths how many positions of each row are kept; rows beyond the new number are lost
   * @throws PolyLmException if there is not enough memory; the cache can then only be closed
   */
  void resize(int newRows, int newCapacity, int[] lengths) {
    forgetExchanged();
    for (int i = 0; i < tensors.length; i++) {
      CacheBlock old = tensors[i];
      CacheBlock wanted = memory.allocate(tensorBytes(newRows, newCapacity));
      for (int row = 0; row < Math.min(rows, newRows); row++) {
        old.copy(
            offset(row, capacity, 0),
            (long) capacity * positionBytes(),
            wanted,
            offset(row, newCapacity, 0),
            (long) newCapacity * positionBytes(),
            Math.min(lengths[row], newCapacity) * positionBytes(),
            dimensions.heads());
      }
      memory.await();
      tensors[i] = wanted;
      old.close();
    }
    rows = newRows;
    capacity = newCapacity;
  }

  private void forgetExchanged() {
    if (exchanged != null) {
      exchanged.close();
      exchanged = null;
    }
  }

  /** Frees the memory; idempotent. */
  @Override
  public void close() {
    forgetExchanged();
    for (CacheBlock tensor : tensors) {
      if (tensor != null) { // not allocated yet if memory ran out
        tensor.close();
      }
    }
  }
}
