package dev.polylm.export.tokenizer;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.stream.Stream;

/** The version of transformers that wrote a checkpoint's tokenizer files. */
enum SavedBy {
  /**
   * Version 4 or earlier, or a person: {@code legacy} and {@code add_bos_token} are in the config.
   */
  VERSION_4,
  /** Version 5, which always writes tokenizer.json. What it leaves out of the config is there. */
  VERSION_5;

  private static final String VERSION = "transformers_version";

  /**
   * Finds the version from the tokenizer's config, since a model is often saved by another version
   * than its tokenizer. If that config is missing and there is a tokenizer.json, the model's config
   * decides: version 5 never leaves a tokenizer.model without a tokenizer.json.
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
