package dev.polylm.cli;

import dev.polylm.internal.untrusted.Quoted;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * What a command reads and writes: standard input, standard output for results only, and standard
 * error for everything said to people. Text is UTF-8, whatever the locale.
 */
final class Streams {
  private final InputStream in;
  private final OutputStream out;
  private final PrintStream err;
  private final Screen screen;
  private final Map<String, String> environment;
  private Verbosity verbosity = Verbosity.NORMAL;

  /** How much a command says to people. */
  enum Verbosity {
    /** Errors only. */
    QUIET,
    NORMAL,
    /** Also figures, and what libraries log. */
    VERBOSE
  }

  Streams(
      InputStream in,
      OutputStream out,
      PrintStream err,
      Screen screen,
      Map<String, String> environment) {
    this.in = in;
    this.out = out;
    this.err = err;
    this.screen = screen;
    this.environment = Map.copyOf(environment);
  }

  InputStream in() {
    return in;
  }

  /** Returns standard output. {@link #print} is for texts. */
  OutputStream out() {
    return out;
  }

  PrintStream err() {
    return err;
  }

  Screen screen() {
    return screen;
  }

  /** Returns the variables of the process. */
  Map<String, String> environment() {
    return environment;
  }

  void setVerbosity(Verbosity verbosity) {
    this.verbosity = verbosity;
  }

  /** Returns whether progress can be shown: standard error is a terminal, and nobody said quiet. */
  boolean showsProgress() {
    return screen.error() && verbosity != Verbosity.QUIET;
  }

  /**
   * Writes a text to standard output at once.
   *
   * @throws ReaderGoneException if nobody reads any more
   * @throws dev.polylm.PolyLmException if the text can't be written
   */
  void print(String text) {
    if (text.isEmpty()) {
      return;
    }
    try {
      out.write(text.getBytes(StandardCharsets.UTF_8));
      out.flush();
    } catch (IOException e) {
      throw ReaderGoneException.orUnwritable("standard output", e);
    }
  }

  /**
   * Prints a line for people, unless the command is quiet. Characters that would control their
   * terminal become question marks.
   */
  void say(String line) {
    if (verbosity != Verbosity.QUIET) {
      sayAlways(line);
    }
  }

  /** Prints a line for people who asked for more. */
  void sayIfVerbose(String line) {
    if (verbosity == Verbosity.VERBOSE) {
      sayAlways(line);
    }
  }

  /** Prints what went wrong and, unless it is empty, what to do about it. */
  void sayError(String sentence, String hint) {
    err.print(screen.red("polylm:"));
    sayAlways(" " + sentence);
    if (!hint.isEmpty()) {
      sayAlways(hint);
    }
  }

  private void sayAlways(String line) {
    err.println(Quoted.line(line));
    err.flush();
  }
}
