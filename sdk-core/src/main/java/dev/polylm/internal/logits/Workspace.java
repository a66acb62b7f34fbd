package dev.polylm.internal.logits;

/**
 * Working memory of one thread that samples. On first use it grows to the size that the vocabulary
 * needs (up to 20 bytes per entry), and then it is reused. It can serve any rows and chains, one
 * after the other. It keeps nothing about a row.
 *
 * <p>Not thread-safe: each thread has its own, or uses a lock.
 */
public final class Workspace {
  private final Candidates candidates = new Candidates();
  private long[] keys = {};
  private int[] counts = {};

  Candidates candidates() {
    return candidates;
  }

  /** Returns room for at least so many sort keys, with undefined contents. */
  long[] keys(int size) {
    if (keys.length < size) {
      keys = new long[size];
    }
    return keys;
  }

  /** Returns a counter for each id, all zero. The caller sets them back to zero. */
  int[] counts(int vocabSize) {
    if (counts.length < vocabSize) {
      counts = new int[vocabSize];
    }
    return counts;
  }
}
