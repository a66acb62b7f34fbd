package dev.polylm.export.weights;

/**
 * A layer norm's gain and shift.
 *
 * @param weight [nEmbd]
 * @param bias [nEmbd]
 */
public record LayerNorm(Vector weight, Vector bias) {}
