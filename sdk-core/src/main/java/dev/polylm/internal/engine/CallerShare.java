package dev.polylm.internal.engine;

/**
 * What one caller may have of rows or places that all share: seven eighths. The rest is for those
 * who come meanwhile, so that nobody waits for one caller's long answers to end.
 */
final class CallerShare {
  private static final int RESERVED_PART = 8;

  private CallerShare() {}

  /** How many of all one caller may have. */
  static int of(int all) {
    return all == 1 ? 1 : all - Math.max(1, all / RESERVED_PART);
  }
}
