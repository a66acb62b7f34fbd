package dev.polylm.cli;

import dev.polylm.PolyLmException;
import dev.polylm.internal.untrusted.Quoted;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * The streams that a command reads and writes. Text is UTF-8, whatever the locale.
 *
 * @param in standard input
 * @param out standard output, for results only
 * @param err standard error, for everything said to people
 * @param terminal whether {@code err} is a terminal, on which a progress bar makes sense
 */
record Streams(InputStream in, OutputStream out, PrintStream err, boolean terminal) {

  /**
   * Writes a text to standard output at once.
   *
   * @throws PolyLmException if nobody reads any more
   */
  void print(String text) {
    try {
      out.write(text.getBytes(StandardCharsets.UTF_8));
      out.flush();
    } catch (IOException e) {
      throw new PolyLmException("standard output: can't be written: " + e.getMessage(), e);
    }
  }

  /**
   * Prints a line for people. Characters that would control their terminal become question marks.
   */
  void say(String line) {
    err.println(Quoted.line(line));
    err.flush();
  }
}
