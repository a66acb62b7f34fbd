package dev.polylm.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.logging.LogManager;

/**
 * Turns off what libraries log, unless someone asks for it. The JDK's LogManager makes an object of
 * this class when it is used first.
 */
public final class QuietLogs {
  /** Called by the LogManager. */
  public QuietLogs() throws IOException {
    LogManager.getLogManager()
        .readConfiguration(
            new ByteArrayInputStream(".level=OFF\n".getBytes(StandardCharsets.US_ASCII)));
  }

  /** Decides whether libraries log to standard error. Call this before anything logs. */
  static void install(boolean verbose) {
    System.setProperty("slf4j.internal.verbosity", "ERROR");
    System.setProperty(
        "slf4j.provider",
        verbose ? "org.slf4j.jul.JULServiceProvider" : "org.slf4j.nop.NOPServiceProvider");
    if (!verbose) {
      System.setProperty("java.util.logging.config.class", QuietLogs.class.getName());
    }
  }
}
