package dev.polylm.runtime;

/**
 * The shape of a run.
 *
 * @param firstRow the first row of the cache that takes part
 * @param batch the number of rows
 * @param sequence ids of each row
 * @param logitsRows rows of logits that are wanted
 */
record RunShape(int firstRow, int batch, int sequence, int logitsRows) {}
