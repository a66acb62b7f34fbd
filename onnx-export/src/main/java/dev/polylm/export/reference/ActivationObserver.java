package dev.polylm.export.reference;

/**
 * Receives a forward pass's activations. The thread that drives the pass calls it. The arrays
 * belong to the pass; read them only during the call.
 */
public interface ActivationObserver {

  /** The matrices that activations are multiplied with. A layer has all of them but the head. */
  enum ProjectionKind {
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

  /** Does nothing. */
  ActivationObserver NONE = new ActivationObserver() {};

  /**
   * Called before each projection is computed.
   *
   * @param layer the layer, counted from 0; for the head, the number of layers
   * @param rows [tokens][width]; width is nEmbd, or nInner for {@link ProjectionKind#MLP_OUTPUT}
   */
  default void onProjectionInput(ProjectionKind projection, int layer, float[][] rows) {}

  /**
   * Called once for each layer, when its queries, keys and values are known.
   *
   * @param qkv [tokens][3 nEmbd]: all queries, all keys, all values of a token, head after head
   */
  default void onQueriesKeysValues(int layer, float[][] qkv) {}
}
