package dev.polylm.export;

import dev.polylm.model.GraphKind;
import java.util.Locale;

/** How an exported graph keeps the keys and values of the tokens that it has read. */
public enum CacheType {
  /**
   * In the floats that the graph computes with: 32 bits, or 16 bits with {@link WeightType#FP16}.
   */
  FP32,
  /**
   * In 8-bit integers with a scale for each channel of each head. This takes a quarter of the
   * memory, and each step reads less. The exporter finds the scales by reading texts, so the model
   * must have a tokenizer. The graph must be {@link GraphKind#FUSED}, and the weights must not be
   * {@link WeightType#FP16}.
   */
  INT8;

  /** Returns the type's name, such as {@code int8}. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
