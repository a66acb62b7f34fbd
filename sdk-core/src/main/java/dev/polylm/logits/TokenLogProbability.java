package dev.polylm.logits;

/**
 * An id and how likely it is.
 *
 * @param id from 0 to vocabSize - 1
 * @param logProbability natural logarithm, in [-inf, 0]
 */
public record TokenLogProbability(int id, float logProbability) {}
