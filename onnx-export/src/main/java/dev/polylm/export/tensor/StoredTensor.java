package dev.polylm.export.tensor;

import java.util.List;

/** A tensor of a checkpoint, on disk. Reading is thread-safe while the checkpoint is open. */
public interface StoredTensor {

  /** Returns the name in the checkpoint, such as {@code transformer.h.3.attn.c_attn.weight}. */
  String name();

  /** Returns the file that holds the tensor, relative to the checkpoint, for messages. */
  String file();

  ElementType type();

  /** Returns the shape, outermost dimension first; empty for a scalar. */
  List<Long> shape();

  /**
   * Returns the number of elements, which is the product of the shape. It may exceed the range of
   * int.
   */
  default long elements() {
    return shape().stream().reduce(1L, Math::multiplyExact);
  }

  /**
   * Reads elements in row-major order as floats. F16 and BF16 are widened exactly, and F64 is
   * rounded to the nearest float.
   *
   * @param from index of the first element
   * @param target receives them at [offset, offset + length)
   * @throws IndexOutOfBoundsException if the tensor or the target has no such range
   * @throws dev.polylm.PolyLmException if weights can't have the type, or the file can't be read
   */
  void read(long from, float[] target, int offset, int length);

  /**
   * Brings the stored bytes into the system's file cache in one sweep. Call this before reading
   * them out of order in small pieces, each of which would wait for the disk. A tensor that is in
   * memory does nothing.
   *
   * @throws dev.polylm.PolyLmException if the file can't be read
   */
  default void readAhead() {}
}
