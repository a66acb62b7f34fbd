package dev.polylm.export.quantize;

/**
 * How a matrix was stored.
 *
 * @param bytes the bytes of codes, scales and zero points
 * @param relativeError the square root of the sum of squared errors divided by the sum of squared
 *     weights; NaN if weights are not finite
 */
public record QuantizationResult(long bytes, double relativeError) {}
