package dev.polylm.jakarta.server;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** All that PolyLM logs at any level, and what others log as they are configured. */
public final class CapturedLog implements AutoCloseable {
  private final Logger root = Logger.getLogger("");
  private final Logger polyLm = Logger.getLogger("dev.polylm");
  private final List<String> records = new CopyOnWriteArrayList<>();
  private final Formatter formatter = new SimpleFormatter();
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord logged) {
          records.add(logged.getLoggerName() + ": " + formatter.format(logged));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  public CapturedLog() {
    handler.setLevel(Level.ALL);
    root.addHandler(handler);
    polyLm.setLevel(Level.ALL);
  }

  /** Each with its logger, parameters and stack trace. */
  public List<String> records() {
    return records;
  }

  @Override
  public void close() {
    root.removeHandler(handler);
    polyLm.setLevel(null);
  }
}
