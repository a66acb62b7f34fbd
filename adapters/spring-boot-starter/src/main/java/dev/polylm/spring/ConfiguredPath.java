package dev.polylm.spring;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Reads paths of the properties. */
final class ConfiguredPath {
  private ConfiguredPath() {}

  /**
   * Returns the path of a property.
   *
   * @throws ModelNotOpenException if it is empty, or no path
   */
  static Path of(String property, String value) {
    if (value.isBlank()) {
      throw new ModelNotOpenException(
          property + " is empty, must be a path",
          "Set %s, or leave it out.".formatted(property),
          null);
    }
    try {
      return Path.of(value);
    } catch (InvalidPathException e) {
      throw new ModelNotOpenException(
          "%s is %s, which is no path: %s".formatted(property, value, e.getReason()),
          "Change %s.".formatted(property),
          e);
    }
  }
}
