package dev.polylm.export;

/** The order of c_attn's outputs in a checkpoint. */
public enum QkvLayout {
  /** All of Q, then of K, then of V: [3, heads, headDim], as GPT-2 has them. */
  CONCATENATED,
  /** Q, K and V of each head: [heads, 3, headDim], as Megatron-LM has them. */
  INTERLEAVED
}
