package dev.polylm.internal.engine;

import java.util.Arrays;

/**
 * Arranges the rows of a decoding step in a lane.
 *
 * <p>The batch of a run is the lane's first rows. A sequence that continues in its place costs
 * nothing. So the first child of a row stays in its parent's place if that is among the first rows.
 * Only the other children are copied, into places that no child needs. A row that is in no step,
 * such as that of a prompt that is being read, moves away if it is among the first.
 */
final class RowPlacement {

  /** Moves the rows of a lane. */
  interface Moves {
    /** Copies the contents of source to target. */
    void copy(int source, int target);

    /** Exchanges two rows. */
    void swap(int a, int b);
  }

  private static final int FREE = -1;

  private final int[] sources; // [rows]: the place of each row's parent
  private final int[] held; // the places of the rows that are in no step; kept up to date
  private final int[] holder; // [places]: the index in held of the prompt there, or FREE
  private final int[] targets; // [rows]
  private final boolean[] taken; // [rows]: places that have their row
  private final Moves moves;

  private RowPlacement(int places, int[] sources, int[] held, Moves moves) {
    this.sources = sources.clone();
    this.held = held;
    this.moves = moves;
    this.holder = new int[places];
    this.targets = new int[sources.length];
    this.taken = new boolean[sources.length];
    Arrays.fill(holder, FREE);
    Arrays.fill(targets, FREE);
    for (int i = 0; i < held.length; i++) {
      holder[held[i]] = i;
    }
  }

  /**
   * Places the rows of the next step.
   *
   * @param places the number of rows of the lane, at least those of the step and held together
   * @param sources [rows]: the place of each row's parent
   * @param held the places of the rows that are in no step; the method updates the places of those
   *     that it moves
   * @return [rows]: the place of each, 0 to rows - 1
   */
  static int[] arrange(int places, int[] sources, int[] held, Moves moves) {
    RowPlacement placement = new RowPlacement(places, sources, held, moves);
    placement.leaveInPlace();
    placement.bringDown();
    placement.copyOthers();
    return placement.targets;
  }

  private void leaveInPlace() {
    for (int row = 0; row < sources.length; row++) {
      int source = sources[row];
      if (source < sources.length && !taken[source]) {
        place(row, source);
      }
    }
  }

  /**
   * Moves the first children of rows that are too high. Afterwards all parents are among the first
   * rows.
   */
  private void bringDown() {
    for (int row = 0; row < sources.length; row++) {
      int source = sources[row];
      if (source >= sources.length) {
        int target = freePlace();
        if (holder[target] == FREE) {
          moves.copy(source, target);
        } else {
          moves.swap(source, target);
          moveHeld(target, source);
        }
        place(row, target);
        Arrays.setAll(sources, i -> sources[i] == source ? target : sources[i]);
      }
    }
  }

  private void copyOthers() {
    for (int row = 0; row < sources.length; row++) {
      if (targets[row] == FREE) {
        int target = freePlace();
        if (holder[target] != FREE) {
          int away = sources.length;
          while (holder[away] != FREE) {
            away++;
          }
          moves.copy(target, away);
          moveHeld(target, away);
        }
        moves.copy(sources[row], target);
        place(row, target);
      }
    }
  }

  private void place(int row, int target) {
    targets[row] = target;
    taken[target] = true;
  }

  private void moveHeld(int from, int to) {
    held[holder[from]] = to;
    holder[to] = holder[from];
    holder[from] = FREE;
  }

  /** Returns a place among the first that has no row. It prefers one without a prompt. */
  private int freePlace() {
    int free = FREE;
    for (int place = 0; place < taken.length; place++) {
      if (!taken[place] && (free == FREE || holder[place] == FREE)) {
        free = place;
        if (holder[place] == FREE) {
          break;
        }
      }
    }
    return free;
  }
}
