package dev.polylm.internal.logits;

import dev.polylm.logits.TokenSequence;

/** A processor of the chain itself, which may borrow working memory. Holds no state of a row. */
@FunctionalInterface
interface ChainStep {

  /**
   * Changes the logits of a row's next id in place.
   *
   * @param inputIds the row so far, prompt and new ids
   * @param logits [vocabSize]
   * @param workspace memory of the calling thread, its contents of no meaning before and after,
   *     except that {@link Workspace#counts} is all zero
   */
  void apply(TokenSequence inputIds, float[] logits, Workspace workspace);
}
