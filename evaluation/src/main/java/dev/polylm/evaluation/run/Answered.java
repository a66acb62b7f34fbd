package dev.polylm.evaluation.run;

import dev.polylm.evaluation.task.Answer;

/**
 * An answer and its share of the time of its batch.
 *
 * @param answer the answer
 * @param seconds how long the batch took, divided by its items
 */
public record Answered(Answer answer, double seconds) {}
