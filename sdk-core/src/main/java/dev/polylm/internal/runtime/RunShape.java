package dev.polylm.internal.runtime;

/**
 * The shape of a run.
 *
 * @param firstRow the first row of the cache that takes part
 * @param batch the number of rows
 * @param sequence ids of each row
 * @param logitsRows rows of logits that are wanted
 * @param hiddenSize the width of the last hidden states, which are then wanted of all ids; 0 where
 *     they are not
 */
record RunShape(int firstRow, int batch, int sequence, int logitsRows, int hiddenSize) {

  /** Returns a run of which only logits are wanted. */
  static RunShape ofLogits(int firstRow, int batch, int sequence, int logitsRows) {
    return new RunShape(firstRow, batch, sequence, logitsRows, 0);
  }
}
