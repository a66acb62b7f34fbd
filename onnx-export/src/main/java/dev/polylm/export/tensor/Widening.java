package dev.polylm.export.tensor;

import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;

/** Turns stored weights into floats. Every F16 and BF16 is also a float; only an F64 is rounded. */
final class Widening {
  private static final int F16_INFINITY = 0x7c00;
  private static final int F16_SMALLEST_NORMAL = 0x0400;
  private static final int FLOAT_INFINITY = 0x7f800000;

  /** The exponent's bias is 127 in a float and 15 in an F16; both have it left of the mantissa. */
  private static final int EXPONENT_SHIFT = (127 - 15) << 23;

  private Widening() {}

  /** Reads {@code count} elements of a little-endian buffer into {@code target} at {@code at}. */
  static void widen(ElementType type, ByteBuffer source, float[] target, int at, int count) {
    if (type == ElementType.F32) {
      source.asFloatBuffer().get(target, at, count);
      return;
    }
    if (type == ElementType.F64) {
      DoubleBuffer wide = source.asDoubleBuffer();
      for (int i = 0; i < count; i++) {
        target[at + i] = (float) wide.get(i);
      }
      return;
    }
    short[] bits = new short[count];
    source.asShortBuffer().get(bits);
    if (type == ElementType.BF16) {
      for (int i = 0; i < count; i++) {
        target[at + i] = bfloat16(bits[i]);
      }
    } else {
      for (int i = 0; i < count; i++) {
        target[at + i] = float16(bits[i]);
      }
    }
  }

  /** A BF16 is a float's upper half. */
  static float bfloat16(short bits) {
    return Float.intBitsToFloat(bits << 16);
  }

  /** IEEE 754-2019 binary16: 1 bit of sign, 5 of exponent, 10 of mantissa. */
  static float float16(short bits) {
    int sign = (bits & 0x8000) << 16;
    int magnitude = bits & 0x7fff;
    int widened;
    if (magnitude >= F16_INFINITY) {
      widened = FLOAT_INFINITY | (magnitude & 0x3ff) << 13;
    } else if (magnitude >= F16_SMALLEST_NORMAL) {
      widened = (magnitude << 13) + EXPONENT_SHIFT;
    } else {
      widened = Float.floatToRawIntBits(magnitude * 0x1p-24f);
    }
    return Float.intBitsToFloat(sign | widened);
  }
}
