package dev.polylm.jakarta.openai;

import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.jakarta.config.ServerSettings;
import java.util.List;

/** Checks the lengths of prompts. */
final class PromptLimits {
  private PromptLimits() {}

  /**
   * Checks the number of ids, and that the vocabulary has them.
   *
   * @param field the field that holds the prompts
   * @param maxTokens the new ids of an answer; if there are none, a prompt may fill the context
   * @throws ApiException if a prompt is empty or too long, or has an unknown id
   */
  static void check(
      String field,
      List<Task.SentPrompt> prompts,
      PolyLm polyLm,
      ServerSettings limits,
      int maxTokens) {
    int contextLength = polyLm.manifest().model().contextLength();
    int most = maxTokens == 0 ? contextLength : contextLength - 1;
    for (Task.SentPrompt prompt : prompts) {
      int length = prompt.ids().length;
      if (length == 0) {
        throw ApiException.badRequest(field, "The prompt is empty, must have at least one token.");
      }
      if (length > most) {
        throw tooLong(field, contextLength, length);
      }
      if (limits.maxPromptTokens() > 0 && length > limits.maxPromptTokens()) {
        throw ApiException.tooLong(
            field,
            "This server takes prompts of %s tokens.".formatted(limits.maxPromptTokens()),
            length);
      }
      checkIds(field, prompt, polyLm);
    }
  }

  static ApiException tooLong(String field, int contextLength, int length) {
    return ApiException.tooLong(
        field,
        "This model's maximum context length is %s tokens.".formatted(contextLength),
        length);
  }

  private static void checkIds(String field, Task.SentPrompt prompt, PolyLm polyLm) {
    int vocabSize = polyLm.manifest().model().vocabSize();
    for (int id : prompt.ids()) {
      if (id < 0 || id >= vocabSize) {
        throw ApiException.badRequest(
            field, "%s has the id %s, must be 0 to %s.".formatted(field, id, vocabSize - 1));
      }
    }
  }

  /**
   * Checks the lengths that the settings ask for.
   *
   * @throws ApiException if a prompt leaves no room for them
   */
  static void check(GenerationConfig effective, Task.SentPrompt prompt, PolyLm polyLm) {
    int contextLength = polyLm.manifest().model().contextLength();
    if (prompt.ids().length < contextLength) {
      try {
        effective.maxLength(prompt.ids().length, contextLength);
      } catch (PolyLmException e) {
        throw ApiException.badRequest(null, SettingsFields.sentence(e));
      }
    }
  }
}
