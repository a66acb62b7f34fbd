package dev.polylm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.pty4j.PtyProcess;
import com.pty4j.PtyProcessBuilder;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The command in a terminal of 100 columns and 40 rows, in a process of its own. */
final class PseudoTerminal implements AutoCloseable {
  static final String CTRL_C = "\u0003";
  static final String CTRL_D = "\u0004";

  private static final int COLUMNS = 100;
  private static final int ROWS = 40;
  private static final long LONGEST_MILLIS = 60_000;

  private final PtyProcess process;
  private final StringBuilder written = new StringBuilder();
  private final Thread reader = new Thread(this::read, "pseudo-terminal");

  private PseudoTerminal(PtyProcess process) {
    this.process = process;
  }

  static PseudoTerminal start(String... args) throws IOException {
    return start("C.UTF-8", ProcessTest.command(args));
  }

  /** Starts the command in Turkish, whose i and whose decimals differ, and in a locale of ASCII. */
  static PseudoTerminal startElsewhere(String... args) throws IOException {
    List<String> command = ProcessTest.command(args);
    command.addAll(1, List.of("-Duser.language=tr", "-Duser.country=TR"));
    return start("C", command);
  }

  private static PseudoTerminal start(String locale, List<String> command) throws IOException {
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.putAll(Map.of("TERM", "xterm-256color", "LC_ALL", locale, "NO_COLOR", "1"));
    PseudoTerminal terminal =
        new PseudoTerminal(
            new PtyProcessBuilder(command.toArray(String[]::new))
                .setEnvironment(environment)
                .setInitialColumns(COLUMNS)
                .setInitialRows(ROWS)
                .start());
    terminal.reader.start();
    return terminal;
  }

  private void read() {
    try (Reader in = new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)) {
      char[] chars = new char[1024];
      for (int length = in.read(chars); length >= 0; length = in.read(chars)) {
        synchronized (written) {
          written.append(chars, 0, length);
          written.notifyAll();
        }
      }
    } catch (IOException e) {
      // The process has ended, and its terminal with it.
    }
  }

  void type(String text) throws IOException {
    process.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().flush();
  }

  /** Waits until the screen shows a text. */
  void await(String text) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LONGEST_MILLIS);
    synchronized (written) {
      while (!shown().contains(text) && System.nanoTime() < end) {
        TimeUnit.NANOSECONDS.timedWait(written, end - System.nanoTime());
      }
    }
    assertThat(shown()).contains(text);
  }

  /** Waits for the end and returns the exit status. */
  int status() throws InterruptedException {
    assertThat(process.waitFor(LONGEST_MILLIS, TimeUnit.MILLISECONDS)).as(shown()).isTrue();
    reader.join(LONGEST_MILLIS);
    return process.exitValue();
  }

  /** Returns all that was written to the terminal, also what was cleared since. */
  String written() {
    synchronized (written) {
      return written.toString();
    }
  }

  String shown() {
    synchronized (written) {
      return Shown.on(COLUMNS, ROWS, written.toString());
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
