package dev.polylm.export.graph;

/**
 * What became of a weight.
 *
 * @param name such as {@code h.3.attn.c_attn.weight}
 * @param type such as {@code fp32} or {@code int4 block 128}
 * @param bytes all that is stored for it, scales and zero points included
 * @param relativeError the root of the sum of squared errors over the sum of squared weights; NaN
 *     where weights are not finite
 */
public record WeightSummary(String name, String type, long bytes, double relativeError) {}
