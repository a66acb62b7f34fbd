package dev.polylm.export.weights;

/**
 * The rules for taking a checkpoint's tensors.
 *
 * @param allowNonFinite whether weights may be NaN or infinite
 * @param interleavedQkv whether the outputs of c_attn are grouped by heads, [heads, 3, headDim], as
 *     in Megatron-LM; otherwise they are grouped by Q, K, V, [3, heads, headDim], as in GPT-2
 */
public record WeightRules(boolean allowNonFinite, boolean interleavedQkv) {
  /** Hugging Face's rules: finite weights, with Q, K and V one after the other. */
  public static final WeightRules DEFAULT = new WeightRules(false, false);
}
