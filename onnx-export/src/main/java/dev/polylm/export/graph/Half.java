package dev.polylm.export.graph;

/** IEEE 754-2019 binary16: 1 bit of sign, 5 of exponent, 10 of mantissa. */
final class Half {
  private static final int FLOAT_MANTISSA = 23;
  private static final int DROPPED_BITS = FLOAT_MANTISSA - 10;
  private static final int INFINITY = 0x7c00;
  private static final int NAN = 0x7e00;
  private static final float SMALLEST_NORMAL = 0x1p-14f;

  /** From here on the nearest value is infinity: half a step above the largest, 65504. */
  private static final float OVERFLOW = 65520;

  private Half() {}

  /** Returns the nearest value, ties to even. */
  static short of(float value) {
    int sign = Float.floatToRawIntBits(value) >>> 16 & 0x8000;
    float size = Math.abs(value);
    if (Float.isNaN(value)) {
      return (short) (sign | NAN);
    }
    if (size >= OVERFLOW) {
      return (short) (sign | INFINITY);
    }
    if (size < SMALLEST_NORMAL) {
      // These are multiples of 2^-24, which a float holds exactly, so rint rounds once.
      return (short) (sign | (int) Math.rint(size * 0x1p24f));
    }
    int bits = Float.floatToRawIntBits(size) - ((127 - 15) << FLOAT_MANTISSA);
    int rest = bits & ((1 << DROPPED_BITS) - 1);
    int half = bits >> DROPPED_BITS;
    int middle = 1 << (DROPPED_BITS - 1);
    // A carry out of the mantissa goes into the exponent, which is correct.
    boolean up = rest > middle || (rest == middle && (half & 1) == 1);
    return (short) (sign | (up ? half + 1 : half));
  }

  /** Returns the same number as a float. */
  static float toFloat(short half) {
    int sign = (half & 0x8000) << 16;
    int size = half & 0x7fff;
    if (size >= INFINITY) {
      return size > INFINITY ? Float.NaN : Math.copySign(Float.POSITIVE_INFINITY, sign);
    }
    float value =
        size < 1 << 10
            ? size * 0x1p-24f
            : Float.intBitsToFloat((size << DROPPED_BITS) + ((127 - 15) << FLOAT_MANTISSA));
    return sign < 0 ? -value : value;
  }
}
