package dev.polylm.export.graph;

import dev.polylm.export.quantize.BlockFormat;
import dev.polylm.export.quantize.QuantizationResult;

/**
 * How a weight was stored.
 *
 * @param name such as {@code h.3.attn.c_attn.weight}
 * @param type such as {@code fp32} or {@code int4 block 128}
 * @param bytes the length of all that is stored for it, scales and zero points included
 * @param relativeError the square root of the sum of squared errors divided by the sum of squared
 *     weights; NaN if weights are not finite
 */
public record WeightSummary(String name, String type, long bytes, double relativeError) {

  static WeightSummary of(String name, BlockFormat format, QuantizationResult result) {
    String type = "int%d block %d".formatted(format.bits(), format.blockSize());
    return new WeightSummary(name, type, result.bytes(), result.relativeError());
  }
}
