package dev.polylm.internal.constraint.mask;

/** Sets of ids as bits in longs. */
final class Bits {
  private Bits() {}

  static int words(int size) {
    return (size + Long.SIZE - 1) >> 6;
  }

  static void set(long[] bits, int id) {
    bits[id >> 6] |= 1L << id;
  }

  static boolean get(long[] bits, int id) {
    return (bits[id >> 6] >>> id & 1) != 0;
  }
}
