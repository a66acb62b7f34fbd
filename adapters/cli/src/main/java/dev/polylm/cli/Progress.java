package dev.polylm.cli;

import java.io.PrintStream;
import org.jspecify.annotations.Nullable;

/**
 * Shows a line of progress on a terminal, and nothing elsewhere. Closing it clears the line, so
 * that nothing of it stays on the screen. Not thread-safe.
 */
final class Progress implements AutoCloseable {
  private static final long UPDATE_NANOS = 200_000_000;

  /**
   * Moves to the line's begin and lets the terminal cut what is too long, since a line that went on
   * in the next row could not be cleared.
   */
  private static final String BEGIN = "\r\u001b[?7l";

  /** Clears the rest of the line, and lets long lines go on in the next row again. */
  private static final String END = "\u001b[K\u001b[?7h";

  private final @Nullable PrintStream terminal;
  private final ProgressLine line;
  private final long start = System.nanoTime();
  private long lastShown;
  private boolean shown;

  private Progress(Streams streams, ProgressLine line) {
    this.terminal = streams.showsProgress() ? streams.err() : null;
    this.line = line;
  }

  /**
   * Starts to count bytes.
   *
   * @param bytes how many bytes there are, -1 if that is unknown
   */
  static Progress ofBytes(Streams streams, String task, long bytes) {
    return new Progress(streams, ProgressLine.ofBytes(task, bytes));
  }

  /**
   * Starts to count items.
   *
   * @param items what is counted, such as "lines"
   * @param total how many there are, -1 if that is unknown
   */
  static Progress ofItems(Streams streams, String task, String items, long total) {
    return new Progress(streams, ProgressLine.ofItems(task, items, total));
  }

  /** Shows how much is done, with a word about the current item. */
  void show(long done, String message) {
    show(done, -1, message);
  }

  /**
   * Shows how many items are done if their total is unknown.
   *
   * @param share the share that is done, or -1 if it is unknown too
   */
  void show(long done, double share, String message) {
    if (terminal == null) {
      return;
    }
    long now = System.nanoTime();
    if (!shown || line.isLast(done) || now - lastShown >= UPDATE_NANOS) {
      shown = true;
      lastShown = now;
      terminal.print(BEGIN + line.text(done, share, (now - start) / 1e9, message) + END);
      terminal.flush();
    }
  }

  /** Corrects the total. */
  void total(long total) {
    line.total(total);
  }

  @Override
  public void close() {
    if (terminal != null && shown) {
      shown = false;
      terminal.print("\r\u001b[K");
      terminal.flush();
    }
  }
}
