package dev.polylm.internal.engine;

/**
 * The share of one caller in rows and queue places: seven eighths. The rest stays free for other
 * callers, so that nobody waits until one caller's long answers end.
 */
final class CallerShare {
  private static final int RESERVED_PART = 8;

  private CallerShare() {}

  /** Returns how many of all places one caller may have. */
  static int of(int all) {
    return all == 1 ? 1 : all - Math.max(1, all / RESERVED_PART);
  }
}
