package dev.polylm.logits;

/**
 * The ids of one row so far: the prompt and the new ids together. A view, not a copy: it shows the
 * row at the moment of the call.
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

  /** Ids of prompt and new ids together. */
  int size();

  /**
   * The id at an index.
   *
   * @param index 0 for the prompt's first id, to {@link #size()} - 1
   * @throws IndexOutOfBoundsException where there is no such index
   */
  int get(int index);

  /** How many of the ids are the prompt's; those after it are new. */
  int promptLength();
}
