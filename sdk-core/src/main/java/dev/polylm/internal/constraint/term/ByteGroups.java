package dev.polylm.internal.constraint.term;

import java.util.function.IntPredicate;

/**
 * Divides the bytes into eight groups that patterns usually use as a whole: letters, digits, signs,
 * bytes of other characters. A set of groups is stored in the bits of a byte.
 */
public final class ByteGroups {
  private static final int SPACE = 1;
  private static final int LOWER = 2;
  private static final int UPPER = 4;
  private static final int DIGIT = 8;
  private static final int HYPHENS = 16;
  private static final int SIGN = 32;
  private static final int CONTROL = 64;
  private static final int OTHER = 128;
  private static final int ALL = 255;

  private ByteGroups() {}

  /** Returns the group of a byte, as a bit. */
  public static int of(int b) {
    if (b >= 'a' && b <= 'z') {
      return LOWER;
    }
    if (b >= 'A' && b <= 'Z') {
      return UPPER;
    }
    if (b >= '0' && b <= '9') {
      return DIGIT;
    }
    if (b >= 0x80) {
      return OTHER;
    }
    return b == ' ' ? SPACE : b == '-' || b == '_' ? HYPHENS : b > ' ' && b < 0x7F ? SIGN : CONTROL;
  }

  /** Returns the groups all of whose bytes meet a condition. */
  public static int whole(IntPredicate holds) {
    int groups = ALL;
    for (int b = 0; b < ByteSet.BYTES && groups != 0; b++) {
      if (!holds.test(b)) {
        groups &= ~of(b);
      }
    }
    return groups;
  }
}
