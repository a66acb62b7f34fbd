package dev.polylm.internal.engine;

import java.util.Collection;

/**
 * What a lane must hold, or holds.
 *
 * @param rows sequences side by side
 * @param capacity positions of each
 * @param logitsRows rows of logits of a run
 */
record LaneSize(int rows, int capacity, int logitsRows) {

  /** Returns what some requests can come to need together. */
  static LaneSize of(Collection<EngineRequest> requests) {
    LaneSize size = new LaneSize(0, 0, 0);
    for (EngineRequest request : requests) {
      size = size.plus(request.size());
    }
    return size;
  }

  /** Returns this and other rows beside, all as long as the longest. */
  LaneSize plus(LaneSize other) {
    int sum = rows + other.rows;
    return new LaneSize(
        sum,
        Math.max(capacity, other.capacity),
        Math.max(sum, Math.max(logitsRows, other.logitsRows)));
  }

  /** Returns what holds either. */
  LaneSize max(LaneSize other) {
    return new LaneSize(
        Math.max(rows, other.rows),
        Math.max(capacity, other.capacity),
        Math.max(logitsRows, other.logitsRows));
  }

  boolean holds(LaneSize other) {
    return max(other).equals(this);
  }

  /** With as many rows as the next power of two, at most limit. */
  LaneSize withSpareRows(int limit) {
    int power = rows <= 1 ? rows : Integer.highestOneBit(rows - 1) * 2;
    int more = Math.max(rows, Math.min(power, limit));
    return new LaneSize(more, capacity, Math.max(more, logitsRows));
  }
}
