package dev.polylm.internal.logits;

import dev.polylm.PolyLmException;

/** Greedy choice. */
public final class ArgMax {
  private ArgMax() {}

  /**
   * Returns the id with the largest logit, the lowest of several, as torch.argmax gives on the CPU. Plus
   * infinity is a value like another.
   *
   * @param logits [vocabSize], left as they are
   * @throws PolyLmException if a logit is NaN, which torch.argmax would return as the largest,
   *     or every logit is minus infinity
   */
  public static int of(float[] logits) {
    float max = Float.NEGATIVE_INFINITY;
    int best = -1;
    for (int id = 0; id < logits.length; id++) {
      // False for NaN too, so that one comparison finds both.
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
