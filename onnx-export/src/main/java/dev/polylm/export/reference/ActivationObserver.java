package dev.polylm.export.reference;

/**
 * Sees a forward pass's activations. Called on the thread that drives the pass; the arrays are the
 * pass's own, to be read during the call only.
 */
public interface ActivationObserver {

  /** Sees nothing. */
  ActivationObserver NONE = new ActivationObserver() {};

  /**
   * Called before each projection is computed.
   *
   * @param layer counted from 0; the number of layers for the head
   * @param rows [tokens][width]; width is nEmbd, or nInner for {@link Projection#MLP_OUTPUT}
   */
  default void onProjectionInput(Projection projection, int layer, float[][] rows) {}

  /**
   * Called once a layer, when its queries, keys and values are known.
   *
   * @param qkv [tokens][3 nEmbd]: all queries, all keys, all values of a token, head after head
   */
  default void onQueriesKeysValues(int layer, float[][] qkv) {}
}
