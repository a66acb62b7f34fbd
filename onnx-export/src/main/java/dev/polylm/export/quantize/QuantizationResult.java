package dev.polylm.export.quantize;

/**
 * What became of a matrix.
 *
 * @param bytes of codes, scales and zero points
 * @param relativeError the root of the sum of squared errors over the sum of squared weights; NaN
 *     if weights are not finite
 */
public record QuantizationResult(long bytes, double relativeError) {}
