package dev.polylm.export.tokenizer;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.stream.Stream;

/** The version of transformers that wrote a checkpoint's tokenizer files. */
enum SavedBy {
  /** Version 4 or before, or a hand: {@code legacy} and {@code add_bos_token} are in the config. */
  VERSION_4,
  /** Version 5: what it leaves out of the config is in tokenizer.json, which it always writes. */
  VERSION_5;

  private static final String VERSION = "transformers_version";

  /**
   * Tells by what the tokenizer's config says, for a model is often saved by another version than
   * its tokenizer; where there is none, by the model's config, if there is a tokenizer.json:
   * version 5 never leaves a tokenizer.model alone.
   *
   * @param config tokenizer_config.json, empty if it is missing
   * @param modelConfig config.json
   */
  static SavedBy of(ObjectNode config, ObjectNode modelConfig, boolean hasJson) {
    if (config.has(VERSION)) {
      return of(config.path(VERSION).asText());
    }
    if (config.isEmpty()) {
      return hasJson ? of(modelConfig.path(VERSION).asText()) : VERSION_4;
    }
    boolean five =
        Stream.of("backend", "is_local", "local_files_only").anyMatch(config::has)
            || config.path("extra_special_tokens").isArray()
            || config.path("tokenizer_class").asText().equals("TokenizersBackend");
    return five ? VERSION_5 : VERSION_4;
  }

  private static SavedBy of(String version) {
    return version.matches("([5-9]|[1-9][0-9]+)\\..*") ? VERSION_5 : VERSION_4;
  }
}
