package dev.polylm.generation;

/**
 * Makes the end of a text likelier with each new id: Hugging Face's {@code
 * exponential_decay_length_penalty}.
 *
 * <pre>{@code
 * GenerationConfig config =
 *     GenerationConfig.builder()
 *         .exponentialDecayLengthPenalty(new ExponentialDecay(50, 1.1))
 *         .build();
 * }</pre>
 *
 * @param startIndex the number of new ids after which the growth begins, at least 0
 * @param decayFactor the growth per id, above 0; above 1 makes the end likelier, below 1 makes it
 *     less likely
 */
public record ExponentialDecay(int startIndex, double decayFactor) {}
