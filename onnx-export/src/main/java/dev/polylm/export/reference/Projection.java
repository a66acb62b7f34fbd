package dev.polylm.export.reference;

/** A matrix that activations are multiplied with. All but the head occur once a layer. */
public enum Projection {
  /** {@code attn.c_attn}: to queries, keys and values. */
  ATTENTION_INPUT,
  /** {@code attn.c_proj}: from the heads back to the residual stream. */
  ATTENTION_OUTPUT,
  /** {@code mlp.c_fc}: into the feed-forward layer. */
  MLP_INPUT,
  /** {@code mlp.c_proj}: out of the feed-forward layer. */
  MLP_OUTPUT,
  /** The output head, tied to the embedding or not. */
  HEAD
}
