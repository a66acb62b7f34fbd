package dev.polylm.export.calibration;

import dev.polylm.export.quantize.KeyValueScales;
import dev.polylm.export.reference.ActivationObserver;
import dev.polylm.export.reference.LayerwisePass;
import dev.polylm.export.reference.PlacedIds;
import dev.polylm.export.reference.ReferenceModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The scales of a model's cached keys and values. They follow from the largest value that each
 * channel has on some token sequences. A layer is computed only when it is asked for. Not safe for
 * use by several threads at once.
 */
public final class KeyValueCalibration implements KeyValueScales {
  private static final int STEPS = 127;

  /**
   * The factor between the largest value seen and the largest value that is not cut. On
   * polylm-tiny, over texts that it was not calibrated with, cutting costs more than coarse steps.
   * With 256 tokens the next token's distribution differs from that of a cache of floats by 0.0013
   * nats with a factor of 1, by 0.00013 with 1.25 and by 0.00009 with 1.6. If the largest 0.5 % of
   * the values seen are cut, it differs by 0.004.
   */
  private static final float MARGIN = 1.5f;

  private final LayerwisePass pass;
  private final List<float[]> largest = new ArrayList<>(); // by layer: [2 * nEmbd], keys, values

  /**
   * Begins a calibration.
   *
   * @param sequences of ids in the vocabulary, at least one
   */
  public KeyValueCalibration(ReferenceModel model, List<PlacedIds> sequences) {
    this.pass = model.beginPlaced(sequences, new Largest());
  }

  private final class Largest implements ActivationObserver {
    @Override
    public void onQueriesKeysValues(int layer, float[][] qkv) {
      int width = qkv[0].length / 3;
      if (layer == largest.size()) {
        largest.add(new float[2 * width]);
      }
      float[] found = largest.get(layer);
      for (float[] row : qkv) {
        for (int channel = 0; channel < found.length; channel++) {
          float size = Math.abs(row[width + channel]);
          // A channel with a value that is not finite has no scale.
          if (size > found[channel] && size < Float.POSITIVE_INFINITY) {
            found[channel] = size;
          }
        }
      }
    }
  }

  @Override
  public float[] ofKeys(int layer) {
    float[] found = found(layer);
    return scales(Arrays.copyOfRange(found, 0, found.length / 2));
  }

  @Override
  public float[] ofValues(int layer) {
    float[] found = found(layer);
    return scales(Arrays.copyOfRange(found, found.length / 2, found.length));
  }

  private float[] found(int layer) {
    while (pass.layer() <= layer) {
      pass.advance();
    }
    return largest.get(layer);
  }

  /** Returns steps that just reach the largest value and its margin. */
  private static float[] scales(float[] sizes) {
    for (int channel = 0; channel < sizes.length; channel++) {
      // A channel that was always 0 may have any step, but the step must have a reciprocal.
      sizes[channel] =
          sizes[channel] == 0 ? 1 : Math.max(Float.MIN_NORMAL, sizes[channel] * MARGIN / STEPS);
    }
    return sizes;
  }
}
