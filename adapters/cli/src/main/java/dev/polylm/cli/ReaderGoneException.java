package dev.polylm.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Nobody reads standard output any more, as after {@code | head -1}. That is no error. */
final class ReaderGoneException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private static final Path STANDARD_OUTPUT = Path.of("/proc/self/fd/1");

  private ReaderGoneException(IOException cause) {
    super(cause);
  }

  /** Returns this exception if a pipe broke, or else one that says what can't be written. */
  static RuntimeException orUnwritable(String name, IOException e) {
    return isBrokenPipe(e) ? new ReaderGoneException(e) : Sentences.unwritable(name, e);
  }

  /** The system's message may be in the user's language, so the stream is asked too. */
  private static boolean isBrokenPipe(IOException e) {
    if (String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT).contains("pipe")) {
      return true;
    }
    try {
      return Files.isSymbolicLink(STANDARD_OUTPUT)
          && Files.readSymbolicLink(STANDARD_OUTPUT).toString().startsWith("pipe:");
    } catch (IOException unknown) {
      return false;
    }
  }
}
