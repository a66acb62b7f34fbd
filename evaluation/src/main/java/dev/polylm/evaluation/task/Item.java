package dev.polylm.evaluation.task;

/** One question to a model. */
public sealed interface Item permits ChoiceItem, GenerationItem {
  /** Returns the language of the item's row in the report, or a pair such as {@code de-en}. */
  String language();
}
