package dev.polylm.internal.logits;

import dev.polylm.PolyLmException;

/** Chooses the likeliest id. */
public final class ArgMax {
  private ArgMax() {}

  /**
   * Returns the id with the largest logit. Of several it returns the lowest id, as torch.argmax
   * does on the CPU. Plus infinity is treated like any other value.
   *
   * @param logits [vocabSize], left as they are
   * @throws PolyLmException if a logit is NaN, which torch.argmax would return as the largest, or
   *     every logit is minus infinity
   */
  public static int of(float[] logits) {
    float max = Float.NEGATIVE_INFINITY;
    int best = -1;
    for (int id = 0; id < logits.length; id++) {
      // This is false for NaN too, so one comparison finds both.
      if (!(logits[id] <= max)) {
        max = checkNumber(logits[id], id);
        best = id;
      }
    }
    if (best < 0) {
      throw InvalidLogits.nothingLeft();
    }
    return best;
  }

  private static float checkNumber(float logit, int id) {
    return Float.isNaN(logit) ? InvalidLogits.check(logit, id) : logit;
  }
}
