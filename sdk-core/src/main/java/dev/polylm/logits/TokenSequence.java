package dev.polylm.logits;

/**
 * The ids of one row so far: the prompt and the new ids together. This is a view, not a copy: it
 * shows the row at the moment of the call.
 *
 * <pre>{@code
 * LogitsProcessor endAfter10 =
 *     (inputIds, logits) -> {
 *       if (inputIds.size() - inputIds.promptLength() >= 10) {
 *         logits[polyLm.tokenizer().eosTokenId()] = Float.POSITIVE_INFINITY;
 *       }
 *     };
 * }</pre>
 */
public interface TokenSequence {

  /** Returns the number of ids, prompt and new ids together. */
  int size();

  /**
   * Returns the id at an index.
   *
   * @param index 0 for the prompt's first id, to {@link #size()} - 1
   * @throws IndexOutOfBoundsException if there is no such index
   */
  int get(int index);

  /** Returns the number of the prompt's ids. The ids after them are new. */
  int promptLength();
}
