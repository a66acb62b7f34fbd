package dev.polylm.evaluation.task;

import java.util.List;

/**
 * A question with options.
 *
 * @param language the language, or an empty text if the task does not say
 * @param options at least two
 * @param gold the index of the right option
 */
public record ChoiceItem(String language, List<Option> options, int gold) implements Item {

  /**
   * A text whose likelihood is asked for.
   *
   * @param context what comes before it; if it is empty, the text begins a document
   * @param text what is scored
   * @param name the option in the task's words, for measures that divide by its length
   */
  public record Option(String context, String text, String name) {}

  /** Makes an item whose options are whole texts. */
  static ChoiceItem ofTexts(String language, List<String> texts, int gold) {
    return new ChoiceItem(language, texts.stream().map(t -> new Option("", t, t)).toList(), gold);
  }
}
