package dev.polylm.export.reference;

/** A matrix that activations are multiplied with. Each layer has one of each, except the head. */
public enum Projection {
  /** The matrix {@code attn.c_attn}: to queries, keys and values. */
  ATTENTION_INPUT,
  /** The matrix {@code attn.c_proj}: from the heads back to the residual stream. */
  ATTENTION_OUTPUT,
  /** The matrix {@code mlp.c_fc}: into the feed-forward layer. */
  MLP_INPUT,
  /** The matrix {@code mlp.c_proj}: out of the feed-forward layer. */
  MLP_OUTPUT,
  /** The output head, tied to the embedding or not. */
  HEAD
}
