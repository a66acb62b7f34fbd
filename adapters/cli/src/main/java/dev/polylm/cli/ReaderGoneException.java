package dev.polylm.cli;

import java.io.IOException;
import java.util.Locale;

/** Nobody reads standard output any more, as after {@code | head -1}. That is no error. */
final class ReaderGoneException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private ReaderGoneException(IOException cause) {
    super(cause);
  }

  /** Returns this exception if a pipe broke, or else one that says what can't be written. */
  static RuntimeException orUnwritable(String name, IOException e) {
    return isBrokenPipe(e) ? new ReaderGoneException(e) : Sentences.unwritable(name, e);
  }

  private static boolean isBrokenPipe(IOException e) {
    return String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT).contains("pipe");
  }
}
