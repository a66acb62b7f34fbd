package dev.polylm.export.checkpoint;

import dev.polylm.PolyLmException;
import dev.polylm.export.tensor.ElementType;
import dev.polylm.internal.text.Quoted;
import java.util.List;

/** What a checkpoint's files say, made fit for messages and for arithmetic. */
final class Untrusted {
  /** More dimensions than PyTorch's own limit of 64 are not a tensor's. */
  static final int MAX_DIMENSIONS = 64;

  private static final int NAME_CHARACTERS = 500;

  private Untrusted() {}

  /** Refuses a tensor's name that no message could show whole. */
  static String tensorName(String file, String name) {
    if (name.isEmpty() || name.length() > NAME_CHARACTERS || !name.equals(Quoted.line(name))) {
      throw new PolyLmException(
          String.format(
              "%s: a tensor's name is \"%s\" (%d characters), expected 1 to %d printable ones",
              file, Quoted.of(name), name.length(), NAME_CHARACTERS));
    }
    return name;
  }

  /**
   * The elements of a shape, after checking that it is one and that its bytes can be counted.
   *
   * @param where begins the message: file and tensor
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
