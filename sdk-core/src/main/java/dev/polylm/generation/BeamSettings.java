package dev.polylm.generation;

import java.util.Set;

/**
 * What beam search is told.
 *
 * @param numBeams sequences kept at each step, at least 2
 * @param numReturnSequences sequences given at the end, at most numBeams
 * @param maxLength ids of prompt and answer together at which a sequence ends
 * @param lengthPenalty exponent of the length that a sum of log-probabilities is divided by
 * @param earlyStopping when to end while unfinished beams remain
 * @param stopIds ids that end a sequence
 */
record BeamSettings(
    int numBeams,
    int numReturnSequences,
    int maxLength,
    double lengthPenalty,
    EarlyStopping earlyStopping,
    Set<Integer> stopIds) {}
