package dev.polylm.export.checkpoint;

import dev.polylm.PolyLmException;
import dev.polylm.export.tensor.ElementType;
import dev.polylm.internal.untrusted.Quoted;
import java.util.List;

/** Makes values of a checkpoint's files safe for messages and for arithmetic. */
final class Untrusted {
  /** PyTorch's own limit is 64, so a tensor can't have more dimensions. */
  static final int MAX_DIMENSIONS = 64;

  private static final int NAME_CHARACTERS = 500;

  private Untrusted() {}

  /** Refuses a tensor's name that a message could not show in full. */
  static String tensorName(String file, String name) {
    if (name.isEmpty() || name.length() > NAME_CHARACTERS || !name.equals(Quoted.line(name))) {
      throw new PolyLmException(
          String.format(
              "%s: a tensor's name is \"%s\" (%s characters), expected 1 to %s printable ones",
              file, Quoted.of(name), name.length(), NAME_CHARACTERS));
    }
    return name;
  }

  /**
   * Returns the number of elements of a shape, after checking that the shape is valid and that its
   * bytes can be counted.
   *
   * @param where the beginning of the message: file and tensor
   */
  static long elements(String where, List<Long> shape, ElementType type) {
    try {
      long elements = 1;
      for (long size : shape) {
        if (size < 0) {
          throw new PolyLmException(where + " has shape " + shape + ", expected no negative size");
        }
        elements = Math.multiplyExact(elements, size);
      }
      type.bytes(elements);
      return elements;
    } catch (ArithmeticException e) {
      throw new PolyLmException(
          where + " has shape " + shape + ", expected fewer than 2^63 bytes", e);
    }
  }
}
