package dev.polylm.internal.logits;

import dev.polylm.PolyLmException;

/** The errors for logits from which no id can be chosen. */
final class InvalidLogits {
  private InvalidLogits() {}

  /**
   * Returns a logit after checking it.
   *
   * @throws PolyLmException for NaN and plus infinity
   */
  static float check(float logit, int id) {
    if (logit < Float.POSITIVE_INFINITY) {
      return logit;
    }
    throw new PolyLmException(
        "the logit of id %s is %s, must be a number; the model's weights may be damaged, remove_invalid_values replaces such values"
            .formatted(id, logit));
  }

  static PolyLmException nothingLeft() {
    return new PolyLmException(
        "every logit is minus infinity, no id is left to choose: the settings rule out the whole vocabulary");
  }
}
