package dev.polylm.internal.logits;

import java.util.Arrays;

/**
 * Finds the n largest of many values in one pass, with a heap of n. About n ln(size/n) values enter
 * the heap; the others cost one comparison. NaN is never among the largest.
 */
public final class TopN {
  private TopN() {}

  /**
   * Returns the indexes of the largest values, the largest first; of equal values the lower index
   * first.
   *
   * @param values any length, such as [vocabSize] or [numBeams * vocabSize]
   * @param n the number of indexes, at least 0; values of minus infinity and NaN are left out, so
   *     the result may have fewer
   */
  public static int[] of(float[] values, int n) {
    long[] heap = new long[Math.min(n, values.length)];
    int found = select(values, heap, heap.length);
    Arrays.sort(heap, 0, found);
    int[] indexes = new int[found];
    for (int i = 0; i < found; i++) {
      indexes[i] = SortKey.position(heap[found - 1 - i]);
    }
    return indexes;
  }

  /**
   * Returns the n-th largest value, or minus infinity if fewer values are above it.
   *
   * @param n from 1 to the number of values
   */
  static float valueAt(float[] values, int n, Workspace workspace) {
    long[] heap = workspace.keys(n);
    int found = select(values, heap, n);
    return found < n ? Float.NEGATIVE_INFINITY : SortKey.value(heap[0]);
  }

  /**
   * Puts the n largest values into a heap whose root is the least of them, and returns their
   * number.
   */
  private static int select(float[] values, long[] heap, int n) {
    if (n == 0) {
      return 0;
    }
    int found = 0;
    float least = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < values.length; i++) {
      if (values[i] > least) {
        long key = SortKey.of(values[i], i);
        if (found < n) {
          siftUp(heap, found++, key);
        } else {
          siftDown(heap, n, key);
        }
        least = found < n ? Float.NEGATIVE_INFINITY : SortKey.value(heap[0]);
      }
    }
    return found;
  }

  private static void siftUp(long[] heap, int hole, long key) {
    int at = hole;
    while (at > 0 && heap[(at - 1) / 2] > key) {
      heap[at] = heap[(at - 1) / 2];
      at = (at - 1) / 2;
    }
    heap[at] = key;
  }

  /** Replaces the root. */
  private static void siftDown(long[] heap, int n, long key) {
    int at = 0;
    for (int child = 1; child < n; child = 2 * at + 1) {
      if (child + 1 < n && heap[child + 1] < heap[child]) {
        child++;
      }
      if (heap[child] >= key) {
        break;
      }
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = key;
  }
}
