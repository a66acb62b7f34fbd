package dev.polylm.internal.engine;

import java.util.Collection;

/**
 * The size of a lane: the needed size or the present one.
 *
 * @param rows the number of sequences
 * @param capacity the number of positions of each
 * @param logitsRows the number of rows of logits of a run
 */
record LaneSize(int rows, int capacity, int logitsRows) {

  /** Returns the largest size that some requests may need together. */
  static LaneSize of(Collection<EngineRequest> requests) {
    LaneSize size = new LaneSize(0, 0, 0);
    for (EngineRequest request : requests) {
      size = size.plus(request.size());
    }
    return size;
  }

  /** Returns the size of these and other rows together, all as long as the longest. */
  LaneSize plus(LaneSize other) {
    int sum = rows + other.rows;
    return new LaneSize(
        sum,
        Math.max(capacity, other.capacity),
        Math.max(sum, Math.max(logitsRows, other.logitsRows)));
  }

  /** Returns the smallest size that is at least both. */
  LaneSize max(LaneSize other) {
    return new LaneSize(
        Math.max(rows, other.rows),
        Math.max(capacity, other.capacity),
        Math.max(logitsRows, other.logitsRows));
  }

  boolean holds(LaneSize other) {
    return max(other).equals(this);
  }

  /** Returns the size with its rows rounded up to a power of two, at most limit. */
  LaneSize withSpareRows(int limit) {
    int power = rows <= 1 ? rows : Integer.highestOneBit(rows - 1) * 2;
    int more = Math.max(rows, Math.min(power, limit));
    return new LaneSize(more, capacity, Math.max(more, logitsRows));
  }
}
