package dev.polylm.export.reference;

/**
 * A transformer block's parameters: vectors in memory, matrices in the checkpoint.
 *
 * @param attentionNorm {@code ln_1}
 * @param attentionInput {@code attn.c_attn}
 * @param attentionOutput {@code attn.c_proj}
 * @param mlpNorm {@code ln_2}
 * @param mlpInput {@code mlp.c_fc}
 * @param mlpOutput {@code mlp.c_proj}
 */
record LayerParameters(
    Norm attentionNorm,
    Affine attentionInput,
    Affine attentionOutput,
    Norm mlpNorm,
    Affine mlpInput,
    Affine mlpOutput) {

  /**
   * A layer normalization's parameters.
   *
   * @param weight [nEmbd]
   * @param bias [nEmbd]
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared, and never seen outside the package
  record Norm(float[] weight, float[] bias) {}

  /**
   * A projection's parameters.
   *
   * @param weights [inputs, outputs]
   * @param bias [outputs], or empty for none
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared, and never seen outside the package
  record Affine(WeightMatrix weights, float[] bias) {}
}
