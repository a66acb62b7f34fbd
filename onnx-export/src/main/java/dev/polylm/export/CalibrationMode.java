package dev.polylm.export;

/**
 * Whether the model reads texts before its weights become {@link WeightType#INT4}, so that the
 * error of each weight can be made up for by others. It takes the time of some thousand tokens in
 * plain Java.
 */
public enum CalibrationMode {
  /** Where the layers have at most 2 billion weights and the model has a tokenizer. */
  AUTO,
  /** Always; a model without a tokenizer is refused. */
  ON,
  /** Never: each weight is rounded by itself. */
  OFF
}
