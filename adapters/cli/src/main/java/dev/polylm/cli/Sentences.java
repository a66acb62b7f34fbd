package dev.polylm.cli;

import dev.polylm.PolyLmException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;

/** What a failure is called in front of people. */
final class Sentences {
  private Sentences() {}

  /** The message of a failure that PolyLM explains itself; of any other also what it is. */
  static String of(Exception e) {
    return e instanceof PolyLmException ? String.valueOf(e.getMessage()) : "unexpected: " + e;
  }

  /** A failure to read a file, with the reason in words: Java's message is often the path alone. */
  static PolyLmException unreadable(String file, IOException e) {
    return new PolyLmException("%s: can't be read: %s".formatted(file, reason(e)), e);
  }

  /** A failure to write a file, with the reason in words. */
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
