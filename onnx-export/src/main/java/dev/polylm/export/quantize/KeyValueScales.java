package dev.polylm.export.quantize;

/**
 * Provides the steps in which the channels of cached keys and values are counted, from -128 to 127.
 */
public interface KeyValueScales {
  /**
   * Returns the steps of a layer's keys.
   *
   * @param layer counted from 0
   * @return [heads * headDim], all above 0
   * @throws dev.polylm.PolyLmException if the checkpoint can't be read
   */
  float[] ofKeys(int layer);

  /** Returns the steps of a layer's values, as {@link #ofKeys} does for its keys. */
  float[] ofValues(int layer);
}
