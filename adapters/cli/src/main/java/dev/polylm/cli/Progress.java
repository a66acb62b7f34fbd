package dev.polylm.cli;

import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.jspecify.annotations.Nullable;

/** A progress bar on a terminal; nothing elsewhere. */
final class Progress implements AutoCloseable {
  private static final int COLUMNS = 79;
  private static final int UPDATE_MILLIS = 200;

  private final @Nullable ProgressBar bar;

  private Progress(@Nullable ProgressBar bar) {
    this.bar = bar;
  }

  /**
   * Starts a bar.
   *
   * @param bytes how many there are to be done, -1 where that is not known
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

  /** Shows how many bytes or steps are done, and a word on it. */
  void show(long done, String message) {
    if (bar != null) {
      bar.stepTo(done);
      bar.setExtraMessage(message);
    }
  }

  /** Corrects how many bytes there are. */
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
