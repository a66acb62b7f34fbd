package dev.polylm.export.weights;

/**
 * The weights of a transformer block, in the order in which the data passes them.
 *
 * @param attentionNorm {@code ln_1}
 * @param qkv {@code attn.c_attn}, [3 nEmbd, nEmbd]: the rows of Q, then of K, then of V
 * @param attentionOutput {@code attn.c_proj}, [nEmbd, nEmbd]
 * @param mlpNorm {@code ln_2}
 * @param mlpInput {@code mlp.c_fc}, [nInner, nEmbd]
 * @param mlpOutput {@code mlp.c_proj}, [nEmbd, nInner]
 */
public record LayerWeights(
    Norm attentionNorm,
    Projection qkv,
    Projection attentionOutput,
    Norm mlpNorm,
    Projection mlpInput,
    Projection mlpOutput) {

  /**
   * A layer norm's gain and shift.
   *
   * @param weight [nEmbd]
   * @param bias [nEmbd]
   */
  public record Norm(Vector weight, Vector bias) {}

  /**
   * An affine map: y = W x + b.
   *
   * @param weight W, [out, in]
   * @param bias b, [out]
   */
  public record Projection(Matrix weight, Vector bias) {}
}
