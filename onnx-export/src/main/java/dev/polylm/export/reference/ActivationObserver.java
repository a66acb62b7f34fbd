package dev.polylm.export.reference;

/**
 * Receives a forward pass's activations. The thread that drives the pass calls it. The arrays
 * belong to the pass; read them only during the call.
 */
public interface ActivationObserver {

  /** Does nothing. */
  ActivationObserver NONE = new ActivationObserver() {};

  /**
   * Called before each projection is computed.
   *
   * @param layer the layer, counted from 0; for the head, the number of layers
   * @param rows [tokens][width]; width is nEmbd, or nInner for {@link Projection#MLP_OUTPUT}
   */
  default void onProjectionInput(Projection projection, int layer, float[][] rows) {}

  /**
   * Called once for each layer, when its queries, keys and values are known.
   *
   * @param qkv [tokens][3 nEmbd]: all queries, all keys, all values of a token, head after head
   */
  default void onQueriesKeysValues(int layer, float[][] qkv) {}
}
