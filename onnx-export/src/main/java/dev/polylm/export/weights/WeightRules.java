package dev.polylm.export.weights;

/**
 * How a checkpoint's tensors are taken.
 *
 * @param allowNonFinite weights may be NaN or infinite
 * @param interleavedQkv the outputs of c_attn are grouped by heads, [heads, 3, headDim], as
 *     Megatron-LM has them; else by Q, K, V, [3, heads, headDim], as GPT-2
 */
public record WeightRules(boolean allowNonFinite, boolean interleavedQkv) {
  /** Hugging Face's: finite weights, Q, K and V one behind the other. */
  public static final WeightRules DEFAULT = new WeightRules(false, false);
}
