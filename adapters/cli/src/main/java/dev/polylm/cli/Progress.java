package dev.polylm.cli;

import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.jspecify.annotations.Nullable;

/** Shows a progress bar on a terminal, and nothing elsewhere. */
final class Progress implements AutoCloseable {
  private static final int COLUMNS = 79;
  private static final int UPDATE_MILLIS = 200;

  private final @Nullable ProgressBar bar;

  private Progress(@Nullable ProgressBar bar) {
    this.bar = bar;
  }

  /**
   * Starts a bar of bytes.
   *
   * @param bytes how many bytes there are, -1 if that is unknown
   */
  static Progress of(Streams streams, String task, long bytes) {
    return of(streams, task, bytes, ProgressLine.Unit.BYTES);
  }

  /** Starts a bar of steps. */
  static Progress ofSteps(Streams streams, String task, long steps) {
    return of(streams, task, steps, ProgressLine.Unit.STEPS);
  }

  private static Progress of(Streams streams, String task, long max, ProgressLine.Unit unit) {
    if (!streams.terminal()) {
      return new Progress(null);
    }
    return new Progress(
        new ProgressBarBuilder()
            .setTaskName(task)
            .setInitialMax(max)
            .setRenderer(new ProgressLine(unit))
            .setUpdateIntervalMillis(UPDATE_MILLIS)
            .setConsumer(new ConsoleProgressBarConsumer(streams.err(), COLUMNS))
            .build());
  }

  /** Shows how many bytes or steps are done, with a word about the current one. */
  void show(long done, String message) {
    if (bar != null) {
      bar.stepTo(done);
      bar.setExtraMessage(message);
    }
  }

  /** Corrects the total number of bytes. */
  void total(long bytes) {
    if (bar != null) {
      bar.maxHint(bytes);
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
