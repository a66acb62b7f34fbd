package dev.polylm.internal.logits;

import java.util.Arrays;

/**
 * Finds the shortest prefix of candidates, in descending order of their keys, that has enough
 * probability. It does not sort them: a quickselect adds up the mass of the better part and
 * continues in one part only. The time is linear on average.
 */
final class MassSelection {
  /** Below this number, sorting is as fast as partitioning. */
  private static final int SMALL = 32;

  /** Decides whether the candidate at an index of the descending order is part of the prefix. */
  @FunctionalInterface
  interface Keep {
    /**
     * Returns whether the candidate is kept. After false it must not return true for a later index.
     *
     * @param index 0 for the greatest key
     * @param massBefore the sum of the probabilities of all greater keys
     */
    boolean test(int index, double massBefore);
  }

  private final long[] keys;
  private final float[] probabilities;
  private final Keep keep;
  private int from;
  private double massBefore;

  private MassSelection(long[] keys, float[] probabilities, Keep keep) {
    this.keys = keys;
    this.probabilities = probabilities;
    this.keep = keep;
  }

  /**
   * Moves the prefix to the array's beginning, in no order, and returns its length.
   *
   * @param keys {@link SortKey}s, all different
   * @param size how many keys there are
   * @param probabilities the probabilities by the keys' positions
   */
  static int prefix(long[] keys, int size, float[] probabilities, Keep keep) {
    return new MassSelection(keys, probabilities, keep).find(size);
  }

  /**
   * Returns the length of the prefix. All keys before from belong to it; all keys from to on do
   * not.
   */
  private int find(int size) {
    int to = size;
    while (to - from > SMALL) {
      int border = partition(from, to);
      double mass = massBefore;
      for (int i = from; i < border; i++) {
        mass += probabilities[SortKey.position(keys[i])];
      }
      if (keep.test(border, mass)) {
        from = border;
        massBefore = mass;
      } else {
        to = border;
      }
    }
    return walk(to);
  }

  private int walk(int to) {
    Arrays.sort(keys, from, to);
    for (int low = from, high = to - 1; low < high; low++, high--) {
      swap(low, high);
    }
    int index = from;
    double mass = massBefore;
    while (index < to && keep.test(index, mass)) {
      mass += probabilities[SortKey.position(keys[index++])];
    }
    return index;
  }

  /**
   * Puts the greater keys first and returns where the others begin (Hoare's scheme). Neither part
   * is empty, because all keys differ.
   */
  private int partition(int first, int end) {
    long pivot = pivot(first, end);
    int low = first - 1;
    int high = end;
    while (true) {
      do {
        low++;
      } while (keys[low] > pivot);
      do {
        high--;
      } while (keys[high] < pivot);
      if (low >= high) {
        return Math.max(low, first + 1);
      }
      swap(low, high);
    }
  }

  /** Returns the median of nine keys spread over the range, which splits sorted inputs well too. */
  private long pivot(int first, int end) {
    int step = (end - first) / 10;
    long[] sample = new long[9];
    for (int i = 0; i < sample.length; i++) {
      sample[i] = keys[first + (i + 1) * step];
    }
    Arrays.sort(sample);
    return sample[4];
  }

  private void swap(int a, int b) {
    long key = keys[a];
    keys[a] = keys[b];
    keys[b] = key;
  }
}
