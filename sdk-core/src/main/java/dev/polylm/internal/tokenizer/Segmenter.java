package dev.polylm.internal.tokenizer;

/** A model that cuts normalized text into pieces. Thread-safe. */
interface Segmenter {
  /**
   * Gives the pieces of a part of a text.
   *
   * @param text well-formed UTF-16, normalized
   */
  void segment(char[] text, int start, int end, PieceSink pieces);
}
