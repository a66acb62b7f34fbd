package dev.polylm.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** What a run of the command gave. */
record Run(int status, String out, String err) {

  static Run of(String... args) {
    return of(new byte[0], Screen.NONE, Map.of(), args);
  }

  static Run withInput(String input, String... args) {
    return of(input.getBytes(StandardCharsets.UTF_8), Screen.NONE, Map.of(), args);
  }

  /** Runs the command with models in a folder. */
  static Run withHome(java.nio.file.Path home, String... args) {
    return of(new byte[0], Screen.NONE, Map.of(ModelHome.VARIABLE, home.toString()), args);
  }

  static Run of(byte[] input, Screen screen, Map<String, String> environment, String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Run run = into(out, input, screen, environment, args);
    return new Run(run.status, out.toString(StandardCharsets.UTF_8), run.err);
  }

  /** Runs the command with another standard output. */
  static Run into(
      OutputStream out,
      byte[] input,
      Screen screen,
      Map<String, String> environment,
      String... args) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Streams streams =
        new Streams(
            new ByteArrayInputStream(input),
            out,
            new PrintStream(err, true, StandardCharsets.UTF_8),
            screen,
            environment);
    int status = PolyLmCommand.run(streams, args);
    return new Run(status, "", err.toString(StandardCharsets.UTF_8));
  }

  List<String> outLines() {
    return out.lines().toList();
  }
}
