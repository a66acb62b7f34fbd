package dev.polylm.logits;

/**
 * An id and its log-probability.
 *
 * <pre>{@code
 * Score score = polyLm.score("The capital of France is", " Paris", 5);
 * for (TokenLogProbability likely : score.topLogprobs().get(0)) {
 *   System.out.println(likely.id() + ": " + Math.exp(likely.logProbability()));
 * }
 * }</pre>
 *
 * @param id from 0 to vocabSize - 1
 * @param logProbability the natural logarithm of its probability, in [-inf, 0]
 */
public record TokenLogProbability(int id, float logProbability) {}
