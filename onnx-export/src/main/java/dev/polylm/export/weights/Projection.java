package dev.polylm.export.weights;

/**
 * An affine map: y = W x + b.
 *
 * @param weight W, [out, in]
 * @param bias b, [out]
 */
public record Projection(Matrix weight, Vector bias) {}
