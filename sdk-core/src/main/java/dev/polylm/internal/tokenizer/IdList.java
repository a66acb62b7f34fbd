package dev.polylm.internal.tokenizer;

import java.util.Arrays;

/** Ids, one after the other. */
final class IdList {
  private int[] ids = new int[16];
  private int size;

  void add(int id) {
    if (size == ids.length) {
      ids = Arrays.copyOf(ids, 2 * size);
    }
    ids[size++] = id;
  }

  int size() {
    return size;
  }

  int get(int index) {
    return ids[index];
  }

  /** Takes ids away, as many as there are at the most. */
  void remove(int from, int count) {
    int end = Math.min(from + count, size);
    System.arraycopy(ids, end, ids, from, size - end);
    size -= end - from;
  }

  int[] toArray() {
    return Arrays.copyOf(ids, size);
  }
}
