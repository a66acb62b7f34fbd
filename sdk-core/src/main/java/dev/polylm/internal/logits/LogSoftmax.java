package dev.polylm.internal.logits;

/**
 * Log-probabilities of a row of logits: {@code (logit - max) - log(sum(exp(logit - max)))}, in the
 * order and the float32 arithmetic of torch.log_softmax on the CPU, with the sum in double.
 */
public final class LogSoftmax {
  private LogSoftmax() {}

  /**
   * Replaces logits by log-probabilities. A row of only minus infinity stays as it is. A row with
   * NaN or plus infinity becomes NaN.
   */
  public static void inPlace(float[] logits) {
    float max = max(logits);
    if (max == Float.NEGATIVE_INFINITY) {
      return;
    }
    float logSum = logSum(logits, max);
    for (int id = 0; id < logits.length; id++) {
      logits[id] = (logits[id] - max) - logSum;
    }
  }

  /**
   * Returns the log-probability of one id, in [-inf, 0].
   *
   * @param logits [vocabSize], left as they are
   */
  public static float logProbability(float[] logits, int id) {
    float max = max(logits);
    return max == Float.NEGATIVE_INFINITY ? max : (logits[id] - max) - logSum(logits, max);
  }

  /**
   * Returns log(sum(exp(logit))), which makes log-probabilities of logits when it is subtracted.
   *
   * @param logits [vocabSize], left as they are; at least one above minus infinity
   */
  public static float logSumExp(float[] logits) {
    float max = max(logits);
    return max + logSum(logits, max);
  }

  /** Returns the largest value, or NaN if there is one. */
  static float max(float[] logits) {
    float max = Float.NEGATIVE_INFINITY;
    for (float logit : logits) {
      if (!(logit <= max)) {
        if (Float.isNaN(logit)) {
          return logit;
        }
        max = logit;
      }
    }
    return max;
  }

  /** Returns log(sum(exp(logit - max))), at least 0. */
  static float logSum(float[] logits, float max) {
    // Four sums, so that an addition need not wait for the previous one.
    double sum0 = 0;
    double sum1 = 0;
    double sum2 = 0;
    double sum3 = 0;
    int id = 0;
    for (; id + 4 <= logits.length; id += 4) {
      sum0 += FixedExp.of(logits[id] - max);
      sum1 += FixedExp.of(logits[id + 1] - max);
      sum2 += FixedExp.of(logits[id + 2] - max);
      sum3 += FixedExp.of(logits[id + 3] - max);
    }
    for (; id < logits.length; id++) {
      sum0 += FixedExp.of(logits[id] - max);
    }
    return (float) StrictMath.log((sum0 + sum1) + (sum2 + sum3));
  }
}
