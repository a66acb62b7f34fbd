package dev.polylm.internal.engine;

/**
 * The share of one caller in memory and queue places: seven eighths. The rest stays free for other
 * callers, so that nobody waits until one caller's long answers end. {@link Preemption} shares the
 * rows.
 */
final class CallerShare {
  private static final int RESERVED_PART = 8;

  private CallerShare() {}

  /** Returns how much of all one caller may have. */
  static long of(long all) {
    return all == 1 ? 1 : all - Math.max(1, all / RESERVED_PART);
  }

  /** Returns how many of all places one caller may have. */
  static int of(int all) {
    return (int) of((long) all);
  }
}
