package dev.polylm.internal.logits;

/**
 * Classifier-free guidance (arXiv:2306.17806): moves the logits of a prompt away from those of a
 * negative prompt. Source: UnbatchedClassifierFreeGuidanceLogitsProcessor of transformers 5.17.0.
 */
public final class Guidance {
  private Guidance() {}

  /**
   * Replaces the conditional logits by {@code scale * (c - u) + u}, where c and u are the
   * log-softmax of both rows. This comes first for a row, before its {@link ProcessorChain}.
   *
   * @param conditional [vocabSize], after the prompt; changed in place
   * @param unconditional [vocabSize], after the negative prompt and the same new ids; left as they
   *     are
   * @param scale above 1 moves the row away from the negative prompt; 1 ignores it
   * @throws IllegalArgumentException if the rows differ in length
   */
  public static void combine(float[] conditional, float[] unconditional, float scale) {
    if (conditional.length != unconditional.length) {
      throw new IllegalArgumentException(
          "rows have %s and %s logits, must have the same number"
              .formatted(conditional.length, unconditional.length));
    }
    LogSoftmax.inPlace(conditional);
    if (scale == 1) {
      return;
    }
    float max = LogSoftmax.max(unconditional);
    float logSum = LogSoftmax.logSum(unconditional, max);
    for (int id = 0; id < conditional.length; id++) {
      float other = (unconditional[id] - max) - logSum;
      conditional[id] = scale * (conditional[id] - other) + other;
    }
  }
}
