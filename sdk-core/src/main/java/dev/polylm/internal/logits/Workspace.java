package dev.polylm.internal.logits;

/**
 * Working memory of one thread that samples, grown on first use to what the vocabulary needs (up to
 * 20 bytes an entry) and then reused. Any row and any chain may be processed with it, one after the
 * other; nothing of a row stays in it.
 *
 * <p>Not thread-safe: each thread has its own, or a lock guards it.
 */
public final class Workspace {
  private final Candidates candidates = new Candidates();
  private long[] keys = {};
  private int[] counts = {};

  Candidates candidates() {
    return candidates;
  }

  /** Room for sort keys, at least so many; contents undefined. */
  long[] keys(int size) {
    if (keys.length < size) {
      keys = new long[size];
    }
    return keys;
  }

  /** Returns a counter for each id, all zero; whoever counts sets them back to zero. */
  int[] counts(int vocabSize) {
    if (counts.length < vocabSize) {
      counts = new int[vocabSize];
    }
    return counts;
  }
}
