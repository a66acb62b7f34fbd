package dev.polylm.cli;

import java.time.Duration;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBarRenderer;
import me.tongfei.progressbar.ProgressState;

/**
 * A line such as {@code [#### ] 42% 10.9/26.0 GB, 105 MB/s, 0:02:24 left, h.12.mlp.c_fc.weight}, of
 * at most 79 columns, or {@code Verifying [###### ] 69% 57/82 steps, 0:00:41 left}. A longer line
 * is cut.
 */
final class ProgressLine implements ProgressBarRenderer {
  private static final int CELLS = 10;

  private final Unit unit;

  /** The unit of what is counted. */
  enum Unit {
    BYTES,
    STEPS
  }

  ProgressLine(Unit unit) {
    this.unit = unit;
  }

  @Override
  public String render(ProgressState state, int maxLength) {
    long max = state.isIndefinite() ? -1 : state.getMax();
    double share = max > 0 ? Math.min(1, (double) state.getCurrent() / max) : 0;
    double seconds = state.getElapsedAfterStart().toMillis() / 1e3;
    int cells = (int) (CELLS * share);
    String line =
        String.format(
            Locale.ROOT,
            "%s[%s%s] %.0f%% %s%s%s",
            state.getTaskName().isEmpty() ? "" : state.getTaskName() + " ",
            "#".repeat(cells),
            " ".repeat(CELLS - cells),
            Math.floor(100 * share),
            amount(state.getCurrent(), max, seconds),
            share == 0 ? "" : ", " + left(seconds, share),
            state.getExtraMessage().isEmpty() ? "" : ", " + state.getExtraMessage());
    return line.length() > maxLength ? line.substring(0, maxLength) : line;
  }

  private String amount(long current, long max, double seconds) {
    if (unit == Unit.STEPS) {
      return "%d/%d steps".formatted(current, max);
    }
    double rate = current / Math.max(seconds, 1e-3);
    double scale = scale((double) Math.max(current, max));
    return String.format(
        Locale.ROOT,
        "%.1f%s %sB, %.0f %sB/s",
        current / scale,
        max > 0 ? String.format(Locale.ROOT, "/%.1f", max / scale) : "",
        prefix(scale),
        rate / Math.min(1e6, scale(rate)),
        prefix(Math.min(1e6, scale(rate))));
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
    return "%d:%02d:%02d left"
        .formatted(left.toHours(), left.toMinutesPart(), left.toSecondsPart());
  }
}
