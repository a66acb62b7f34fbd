package dev.polylm.generation;

/** When beam search ends: Hugging Face's {@code early_stopping}. */
public enum EarlyStopping {
  /** As soon as there are num_beams complete candidates. */
  TRUE,
  /** When it is unlikely, judged by the present best beam, that a better candidate comes. */
  FALSE,
  /** Only when no better candidate can come. */
  NEVER
}
