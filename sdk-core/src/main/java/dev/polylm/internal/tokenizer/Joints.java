package dev.polylm.internal.tokenizer;

/**
 * The pairs of chars that are neighbours in some merged piece. If two neighbours in a text are no
 * such pair, no merge joins them, so the text can be cut between them. A wrong yes is possible and
 * costs only time.
 */
final class Joints {
  /** 256,000 pieces have about 50,000 pairs: one in forty bits. */
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
