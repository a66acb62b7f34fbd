package dev.polylm.internal.logits;

/**
 * A float and its position in one long. Comparing the longs compares the floats, and the positions
 * if the floats are equal. The float must not be NaN.
 */
final class SortKey {
  private SortKey() {}

  /**
   * Returns the key of a value. A greater key has the greater value or, for equal values, the lower
   * position.
   */
  static long of(float value, int position) {
    // Adding 0 turns -0 into 0, which compares equal to it as a float. A negative float's magnitude
    // bits are flipped, so that the order of the ints is that of the floats.
    int bits = Float.floatToRawIntBits(value + 0.0f);
    int ordered = bits ^ ((bits >> 31) & 0x7fffffff);
    return ((long) ordered << 32) | (Integer.MAX_VALUE - position);
  }

  static int position(long key) {
    return Integer.MAX_VALUE - (int) key;
  }

  static float value(long key) {
    int ordered = (int) (key >> 32);
    return Float.intBitsToFloat(ordered ^ ((ordered >> 31) & 0x7fffffff));
  }
}
