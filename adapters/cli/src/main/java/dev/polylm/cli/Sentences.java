package dev.polylm.cli;

import dev.polylm.PolyLmException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;

/** Describes failures to people. */
final class Sentences {
  private Sentences() {}

  /** Returns whether PolyLM explains a failure itself. */
  static boolean isExplained(Exception e) {
    return e instanceof PolyLmException;
  }

  /**
   * Returns the message of a failure. If PolyLM does not explain the failure itself, the kind of
   * failure comes with the message.
   */
  static String of(Exception e) {
    return isExplained(e) ? String.valueOf(e.getMessage()) : "unexpected: " + e;
  }

  /**
   * Describes a failure to read a file, with the reason in words, since Java's message is often
   * only the path.
   */
  static PolyLmException unreadable(String file, IOException e) {
    return new PolyLmException("%s: can't be read: %s".formatted(file, reason(e)), e);
  }

  /** Describes a failure to write a file, with the reason in words. */
  static PolyLmException unwritable(String file, IOException e) {
    return new PolyLmException("%s: can't be written: %s".formatted(file, reason(e)), e);
  }

  private static @Nullable String reason(IOException e) {
    if (e instanceof NoSuchFileException) {
      return "there is no such file or folder";
    }
    if (e instanceof AccessDeniedException) {
      return "access is denied";
    }
    return e instanceof FileSystemException f && f.getReason() != null
        ? f.getReason()
        : e.getMessage();
  }
}
