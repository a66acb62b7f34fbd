package dev.polylm.internal.logits;

import dev.polylm.logits.TokenSequence;

/**
 * A built-in processor of the chain, which may borrow working memory. It holds no state of a row.
 */
@FunctionalInterface
interface ChainStep {

  /**
   * Changes the logits of a row's next id in place.
   *
   * @param inputIds the row so far, prompt and new ids
   * @param logits [vocabSize]
   * @param workspace memory of the calling thread; its contents mean nothing before and after the
   *     call, except that {@link Workspace#counts} is all zero
   */
  void apply(TokenSequence inputIds, float[] logits, Workspace workspace);
}
