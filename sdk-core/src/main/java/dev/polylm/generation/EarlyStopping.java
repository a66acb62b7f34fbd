package dev.polylm.generation;

/** The condition that ends beam search: Hugging Face's {@code early_stopping}. */
public enum EarlyStopping {
  /** The search ends as soon as there are num_beams complete candidates. */
  TRUE,
  /** The search ends when the present best beam makes a better candidate unlikely. */
  FALSE,
  /** The search ends only when no better candidate is possible. */
  NEVER
}
