package dev.polylm.export.checkpoint;

/** The activation of the feed-forward layers, from config.json's {@code activation_function}. */
public enum Activation {
  /** {@code gelu}: x / 2 * (1 + erf(x / sqrt(2))). */
  GELU_ERF,
  /**
   * {@code gelu_new}, {@code gelu_fast}, {@code gelu_pytorch_tanh}: x / 2 * (1 + tanh(sqrt(2 / pi)
   * * (x + 0.044715 x^3))).
   */
  GELU_TANH,
  /** {@code relu}: max(x, 0). */
  RELU
}
