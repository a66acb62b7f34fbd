package dev.polylm.export;

import java.util.Locale;

/** How an exported graph keeps the keys and values of what it has read. */
public enum CacheType {
  /** As the floats that the graph computes with: of 16 bits with {@link WeightType#FP16}. */
  FP32,
  /**
   * As integers of 8 bits with a scale for each channel of each head: a quarter of the memory, and
   * less to read at each step. The scales are found by reading texts, so the model must have a
   * tokenizer; the graph must be {@link GraphKind#FUSED} and the weights not {@link
   * WeightType#FP16}.
   */
  INT8;

  /** The type's name, such as {@code int8}. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
