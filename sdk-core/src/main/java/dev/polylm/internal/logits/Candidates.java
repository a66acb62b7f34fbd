package dev.polylm.internal.logits;

import dev.polylm.PolyLmException;
import java.util.Arrays;

/**
 * The ids of a row that are not ruled out, with their probabilities. After a top-k step these are a
 * few ids instead of a whole vocabulary. Each candidate has a position, and positions ascend with
 * ids.
 */
final class Candidates {
  private int[] ids = {};
  private float[] probabilities = {};
  private int size;
  private float max;
  private float sum;

  /**
   * Gathers the ids whose logit is above minus infinity.
   *
   * @throws PolyLmException if no id is left, or a logit is NaN or plus infinity
   */
  void gather(float[] logits) {
    if (ids.length < logits.length) {
      ids = new int[logits.length];
      probabilities = new float[logits.length];
    }
    int[] found = ids;
    int n = 0;
    for (int id = 0; id < logits.length; id++) {
      if (logits[id] != Float.NEGATIVE_INFINITY) {
        found[n++] = id;
      }
    }
    size = n;
    max = maximum(logits);
  }

  /**
   * Gathers the ids as {@link #gather} does, then computes the softmax over them, rounded to float
   * as in torch.
   */
  void softmax(float[] logits) {
    gather(logits);
    double total = 0;
    for (int i = 0; i < size; i++) {
      double e = FixedExp.of(logits[ids[i]] - max);
      probabilities[i] = (float) e;
      total += e;
    }
    sum = (float) total;
    for (int i = 0; i < size; i++) {
      probabilities[i] /= sum;
    }
  }

  private float maximum(float[] logits) {
    float highest = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < size; i++) {
      float logit = logits[ids[i]];
      if (!(logit <= highest)) {
        highest = InvalidLogits.check(logit, ids[i]);
      }
    }
    if (size == 0) {
      throw InvalidLogits.nothingLeft();
    }
    return highest;
  }

  int size() {
    return size;
  }

  int id(int position) {
    return ids[position];
  }

  /** Returns the ids by position, [size or more]. */
  int[] ids() {
    return ids;
  }

  /** Returns the probability of an id, which is 0 if the id is ruled out. */
  float probabilityOf(int id) {
    int position = Arrays.binarySearch(ids, 0, size, id);
    return position < 0 ? 0 : probabilities[position];
  }

  float probability(int position) {
    return probabilities[position];
  }

  /** Returns the probabilities by position, [size or more]. */
  float[] probabilities() {
    return probabilities;
  }

  /** Returns the highest logit. */
  float max() {
    return max;
  }

  /** Returns the sum of exp(logit - max), the softmax's divisor. */
  float sum() {
    return sum;
  }

  /** Returns the highest probability; exp(0) is 1. */
  float maxProbability() {
    return 1 / sum;
  }
}
