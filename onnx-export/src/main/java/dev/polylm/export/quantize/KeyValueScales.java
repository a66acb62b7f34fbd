package dev.polylm.export.quantize;

/**
 * Tells the steps in which the channels of cached keys and values are counted, from -128 to 127.
 */
public interface KeyValueScales {
  /**
   * The steps of a layer's keys.
   *
   * @param layer counted from 0
   * @return [heads * headDim], all above 0
   * @throws dev.polylm.PolyLmException if the checkpoint can't be read
   */
  float[] ofKeys(int layer);

  /** The steps of a layer's values, as {@link #ofKeys}. */
  float[] ofValues(int layer);
}
