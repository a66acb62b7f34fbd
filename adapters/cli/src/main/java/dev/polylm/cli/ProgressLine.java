package dev.polylm.cli;

import java.time.Duration;
import java.util.Locale;

/**
 * A line such as {@code [#### ] 42% 10.9/26.0 GB, 105 MB/s, 0:02:24 left, h.12.mlp.c_fc.weight}, of
 * at most 79 columns, or {@code Translating [###### ] 69% 3450/5000 lines, 31.2 lines/s, 0:00:49
 * left}. A longer line is cut.
 */
final class ProgressLine {
  private static final int CELLS = 10;
  private static final int COLUMNS = 79;

  private final String task;

  /** What is counted; empty for bytes. */
  private final String items;

  private long total;

  private ProgressLine(String task, String items, long total) {
    this.task = task;
    this.items = items;
    this.total = total;
  }

  static ProgressLine ofBytes(String task, long total) {
    return new ProgressLine(task, "", total);
  }

  static ProgressLine ofItems(String task, String items, long total) {
    return new ProgressLine(task, items, total);
  }

  void total(long newTotal) {
    total = newTotal;
  }

  boolean isLast(long done) {
    return done == total;
  }

  /**
   * Returns the line.
   *
   * @param done how much is done
   * @param givenShare the share that is done, or -1 if only the total can tell it
   * @param seconds the time since the begin
   * @param message a word about the current item, which may be empty
   */
  String text(long done, double givenShare, double seconds, String message) {
    double share = givenShare >= 0 ? givenShare : total > 0 ? (double) done / total : 0;
    share = Math.min(1, share);
    int cells = (int) (CELLS * share);
    String line =
        String.format(
            Locale.ROOT,
            "%s[%s%s] %.0f%% %s%s%s",
            task.isEmpty() ? "" : task + " ",
            "#".repeat(cells),
            " ".repeat(CELLS - cells),
            Math.floor(100 * share),
            items.isEmpty() ? bytes(done, seconds) : items(done, seconds),
            share == 0 ? "" : ", " + left(seconds, share),
            message.isEmpty() ? "" : ", " + message);
    return line.length() > COLUMNS ? line.substring(0, COLUMNS) : line;
  }

  private String items(long done, double seconds) {
    return String.format(
        Locale.ROOT,
        "%d%s %s, %.1f %s/s",
        done,
        total > 0 ? "/" + total : "",
        items,
        done / Math.max(seconds, 1e-3),
        items);
  }

  private String bytes(long done, double seconds) {
    double rate = done / Math.max(seconds, 1e-3);
    double scale = scale((double) Math.max(done, total));
    double rateScale = Math.min(1e6, scale(rate));
    return String.format(
        Locale.ROOT,
        "%.1f%s %sB, %.0f %sB/s",
        done / scale,
        total > 0 ? String.format(Locale.ROOT, "/%.1f", total / scale) : "",
        prefix(scale),
        rate / rateScale,
        prefix(rateScale));
  }

  private static double scale(double bytes) {
    return bytes >= 1e9 ? 1e9 : bytes >= 1e6 ? 1e6 : 1e3;
  }

  private static String prefix(double scale) {
    return scale == 1e9 ? "G" : scale == 1e6 ? "M" : "k";
  }

  /** Returns the time that the rest takes at the speed so far. */
  private static String left(double seconds, double share) {
    Duration left = Duration.ofMillis((long) (1000 * seconds * (1 - share) / share));
    return Figures.clock(left) + " left";
  }
}
