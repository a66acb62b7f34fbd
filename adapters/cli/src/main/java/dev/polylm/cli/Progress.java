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
    if (!streams.terminal()) {
      return new Progress(null);
    }
    return new Progress(
        new ProgressBarBuilder()
            .setTaskName(task)
            .setInitialMax(bytes)
            .setUnit(" KB", 1000)
            .showSpeed()
            .setUpdateIntervalMillis(UPDATE_MILLIS)
            .setConsumer(new ConsoleProgressBarConsumer(streams.err(), COLUMNS))
            .build());
  }

  /** Shows how many bytes are done, and a word on it. */
  void show(long bytesDone, String message) {
    if (bar != null) {
      bar.stepTo(bytesDone);
      bar.setExtraMessage(message);
    }
  }

  /** Shows a word where no bytes are to be counted. */
  void say(String message) {
    if (bar != null) {
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
