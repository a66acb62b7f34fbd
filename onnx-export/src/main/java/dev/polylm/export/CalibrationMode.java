package dev.polylm.export;

/**
 * Whether the model reads texts before its weights become {@link WeightType#INT4}. With what it
 * learns from them, the exporter makes up for the error of each weight in other weights. This takes
 * as long as reading some thousand tokens in plain Java.
 */
public enum CalibrationMode {
  /** Calibrates if the layers have at most 2 billion weights and the model has a tokenizer. */
  AUTO,
  /** Always calibrates, and refuses a model without a tokenizer. */
  ON,
  /** Never calibrates: each weight is rounded on its own. */
  OFF
}
