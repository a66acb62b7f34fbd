package dev.polylm.evaluation.task;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;

/**
 * What is read of the tasks.
 *
 * @param data the folder of the data sets
 * @param languages the languages that are wanted, or none for all that have files
 * @param limit the most items of a language
 * @param shots how many examples are before each item of a generation task; empty for the paper's
 *     one with a base model and none with a tuned one
 * @param tuned whether the model was tuned to follow instructions
 */
public record TaskSettings(
    Path data, List<String> languages, int limit, OptionalInt shots, boolean tuned) {
  private static final String LINE_BREAK = "\n";
  private static final int MAX_NEW_TOKENS = 256;

  /** Returns how many examples are before each item of a generation task. */
  int generationShots() {
    return shots.orElse(tuned ? 0 : 1);
  }

  /**
   * Makes an item of a generation task with the paper's rules: at most 256 ids, and with a base
   * model the answer ends at the first line break.
   */
  GenerationItem generation(String language, String prompt, List<String> references) {
    List<String> stops = tuned ? List.of() : List.of(LINE_BREAK);
    return new GenerationItem(language, prompt, true, references, stops, MAX_NEW_TOKENS);
  }
}
