package dev.polylm.internal.tokenizer;

/**
 * Which two chars stand side by side in some merged piece. Where two neighbours in a text do not,
 * no merge ever joins them, so the text can be cut there. May say yes where the answer is no, which
 * costs time alone.
 */
final class Joints {
  /** 256,000 pieces have some 50,000 pairs: one in forty bits. */
  private static final int LOG_BITS = 21;

  private static final int SPREAD = 0x9E3779B1;

  private final long[] bits = new long[1 << (LOG_BITS - 6)];

  void add(char left, char right) {
    int bit = bit(left, right);
    bits[bit >> 6] |= 1L << bit;
  }

  boolean mayJoin(char left, char right) {
    int bit = bit(left, right);
    return (bits[bit >> 6] & (1L << bit)) != 0;
  }

  private static int bit(char left, char right) {
    return (((left << Character.SIZE) | right) * SPREAD) >>> (Integer.SIZE - LOG_BITS);
  }
}
