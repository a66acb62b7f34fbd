package dev.polylm.jakartachat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where the tests of the servers find and put their files. */
final class Folders {
  private Folders() {}

  /** A file or folder that the build tells of by a system property. */
  static Path of(String property) {
    return Path.of(System.getProperty(property));
  }

  /** A new folder under the build's. */
  static Path create(String prefix) {
    try {
      return Files.createTempDirectory(of("target"), prefix);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
