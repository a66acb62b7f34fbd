package dev.polylm.internal.chat;

import dev.polylm.generation.GenerationConfig;
import dev.polylm.internal.delivery.Generator;
import dev.polylm.internal.saved.KeysAndValues;
import dev.polylm.model.Manifest;
import dev.polylm.prompt.PromptForm;
import dev.polylm.tokenizer.Tokenizer;

/**
 * The parts of a model that conversations need.
 *
 * @param defaults the settings that apply if a turn sets none
 * @param generator answers turns
 * @param keysAndValues what the model keeps for ids
 */
public record ChatModel(
    Manifest manifest,
    Tokenizer tokenizer,
    GenerationConfig defaults,
    Generator generator,
    KeysAndValues keysAndValues) {

  PromptForm form() {
    return PromptForm.of(manifest.promptForm());
  }

  int contextLength() {
    return manifest.model().contextLength();
  }
}
