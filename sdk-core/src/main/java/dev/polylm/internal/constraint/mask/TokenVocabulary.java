package dev.polylm.internal.constraint.mask;

/**
 * What a constraint must know of a tokenizer: what each id adds to an answer, in bytes. The first
 * ids of an answer may add less than later ones, because decoding drops a word boundary before the
 * first word.
 */
public interface TokenVocabulary {
  /** Returns the number of ids. */
  int size();

  /** Returns whether the id may be part of an answer: special, control and unknown pieces may not. */
  boolean isText(int id);

  /** Returns what the id adds to an answer in which something is written. */
  byte[] bytes(int id);

  /** Returns what the id adds as the first of an answer. */
  byte[] firstBytes(int id);

  /** Returns what the id adds to an answer that has ids, none of which has written anything. */
  byte[] leadingBytes(int id);

  /** Returns the ids that end an answer. */
  int[] endIds();
}
