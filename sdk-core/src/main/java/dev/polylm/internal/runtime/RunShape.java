package dev.polylm.internal.runtime;

/**
 * The shape of a run.
 *
 * @param firstRow the first row of the cache that takes part
 * @param batch the number of rows
 * @param sequence the number of ids of each row
 * @param logitsRows the number of rows of logits that are wanted
 * @param hiddenSize the width of the last hidden states if they are wanted of all ids, else 0
 */
record RunShape(int firstRow, int batch, int sequence, int logitsRows, int hiddenSize) {

  /** Returns the shape of a run that gives only logits. */
  static RunShape ofLogits(int firstRow, int batch, int sequence, int logitsRows) {
    return new RunShape(firstRow, batch, sequence, logitsRows, 0);
  }
}
