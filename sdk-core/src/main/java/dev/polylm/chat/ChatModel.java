package dev.polylm.chat;

import dev.polylm.generation.GenerationConfig;
import dev.polylm.generation.GenerationHandle;
import dev.polylm.generation.GenerationRequest;
import dev.polylm.generation.GenerationResult;
import dev.polylm.model.Manifest;
import dev.polylm.prompt.PromptForm;
import dev.polylm.tokenizer.Tokenizer;
import java.util.function.UnaryOperator;

/**
 * What conversations need of a model.
 *
 * @param defaults the settings that hold where a turn sets none
 * @param starter starts generations
 */
public record ChatModel(
    Manifest manifest, Tokenizer tokenizer, GenerationConfig defaults, Starter starter) {

  /** Starts generations. */
  public interface Starter {
    /**
     * Starts one.
     *
     * @param then sees the result, on the thread of the generation and before anyone else
     */
    GenerationHandle start(GenerationRequest request, UnaryOperator<GenerationResult> then);
  }

  PromptForm form() {
    return PromptForm.of(manifest.promptForm());
  }

  int contextLength() {
    return manifest.model().contextLength();
  }
}
