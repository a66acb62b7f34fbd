package dev.polylm.jakarta.openai;

import dev.polylm.generation.GenerationHandle;
import dev.polylm.generation.GenerationResult;
import java.util.function.Supplier;

/**
 * A started generation for a prompt. It has one answer, or all answers of a beam search.
 *
 * @param result waits for the result
 * @param cancel ends the generation; any thread may call it
 */
record Attempt(TaskPrompt prompt, Supplier<GenerationResult> result, Runnable cancel) {
  static Attempt of(TaskPrompt prompt, GenerationHandle handle) {
    return new Attempt(prompt, handle::result, handle::cancel);
  }
}
