package dev.polylm.jakarta.openai;

import dev.polylm.generation.GenerationConfig;
import java.nio.charset.StandardCharsets;

/** Finds the default settings, which hold if a request sets nothing. */
final class Defaults {
  private Defaults() {}

  /**
   * Returns whether the defaults include a setting. A getter can't tell, since it would return its
   * own default.
   */
  static boolean set(GenerationConfig defaults, String name) {
    return Json.parse(defaults.toJson().getBytes(StandardCharsets.UTF_8)).has(name);
  }
}
