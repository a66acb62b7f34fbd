package dev.polylm.internal.constraint.term;

/** A set of bytes, 0 to 255, as 256 bits. */
record ByteSet(long w0, long w1, long w2, long w3) {
  static final int BYTES = 256;

  static ByteSet range(int low, int high) {
    long[] words = new long[4];
    for (int b = low; b <= high; b++) {
      words[b >> 6] |= 1L << b;
    }
    return new ByteSet(words[0], words[1], words[2], words[3]);
  }

  ByteSet union(ByteSet other) {
    return new ByteSet(w0 | other.w0, w1 | other.w1, w2 | other.w2, w3 | other.w3);
  }

  boolean contains(int b) {
    long word = b < 128 ? (b < 64 ? w0 : w1) : (b < 192 ? w2 : w3);
    return (word >>> b & 1) != 0;
  }
}
