package dev.polylm.internal.constraint.mask;

/**
 * The facts about a tokenizer that a constraint needs: the bytes that each id adds to an answer.
 * The first ids of an answer may add less than later ones, because decoding drops a word boundary
 * before the first word.
 */
public interface TokenVocabulary {
  /** Returns the number of ids. */
  int size();

  /**
   * Returns whether the id may be part of an answer: special, control and unknown pieces may not.
   */
  boolean isText(int id);

  /** Returns the bytes that the id adds to an answer that already has text. */
  byte[] bytes(int id);

  /** Returns the bytes that the id adds as the first id of an answer. */
  byte[] firstBytes(int id);

  /** Returns the bytes that the id adds to an answer that has ids but no text yet. */
  byte[] leadingBytes(int id);
}
