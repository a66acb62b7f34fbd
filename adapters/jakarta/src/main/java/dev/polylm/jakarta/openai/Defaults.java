package dev.polylm.jakarta.openai;

import dev.polylm.generation.GenerationConfig;
import java.nio.charset.StandardCharsets;

/** What settings say that hold where a request sets nothing. */
final class Defaults {
  private Defaults() {}

  /** Whether a setting is among them; a getter would answer with its default. */
  static boolean set(GenerationConfig defaults, String name) {
    return Json.parse(defaults.toJson().getBytes(StandardCharsets.UTF_8)).has(name);
  }
}
