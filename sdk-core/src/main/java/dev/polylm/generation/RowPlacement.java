package dev.polylm.generation;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Where the rows of a search lie in the cache.
 *
 * <p>A run takes the cache's first rows as its batch, and a sequence that goes on in its place
 * costs nothing. So the first child of a row stays where its parent was, and only the others are
 * copied, into places that no child wants.
 */
final class RowPlacement {

  /** Copies what a row of the cache holds into another. */
  interface RowCopy {
    void copy(int source, int target);
  }

  private int[] places; // [rows of the step before]

  /**
   * @param prompts the rows that hold prompts, each in its place
   */
  RowPlacement(int prompts) {
    places = IntStream.range(0, prompts).toArray();
  }

  /** The place of a row. */
  int place(int row) {
    return places[row];
  }

  /**
   * Places the rows of the next step, the copies made through the callback.
   *
   * @param parents [rows], at least: which row of the step before each goes on from
   */
  void arrange(int rows, int[] parents, RowCopy copy) {
    int[] next = new int[rows];
    Arrays.fill(next, -1);
    boolean[] taken = new boolean[rows];
    for (int row = 0; row < rows; row++) {
      int place = places[parents[row]];
      if (place < rows && !taken[place]) {
        next[row] = place;
        taken[place] = true;
      }
    }
    int free = 0;
    for (int row = 0; row < rows; row++) {
      if (next[row] < 0) {
        while (taken[free]) {
          free++;
        }
        taken[free] = true;
        next[row] = free;
        copy.copy(places[parents[row]], free);
      }
    }
    places = next;
  }
}
