package dev.polylm.internal.logits;

import dev.polylm.logits.TokenSequence;
import java.util.Arrays;

/**
 * Keeps the likeliest ids while their share of the entropy stays within topH times the whole (top-H
 * decoding, arXiv:2509.02510). Only the 100 likeliest ids count. The likeliest id always stays.
 */
record TopH(double topH) implements ChainStep {
  private static final int CONSIDERED = 100;

  @Override
  public void apply(TokenSequence inputIds, float[] logits, Workspace workspace) {
    int[] ids = TopN.of(logits, CONSIDERED);
    if (ids.length == 0) {
      throw InvalidLogits.nothingLeft();
    }
    float[] kept = new float[ids.length];
    for (int i = 0; i < ids.length; i++) {
      kept[i] = InvalidLogits.check(logits[ids[i]], ids[i]);
    }
    int count = count(kept);
    Arrays.fill(logits, Float.NEGATIVE_INFINITY);
    for (int i = 0; i < count; i++) {
      logits[ids[i]] = kept[i];
    }
  }

  /** Returns how many of the descending logits stay, at least one. */
  private int count(float[] descending) {
    int size = descending.length;
    float max = descending[0];
    double sum = 0;
    for (float logit : descending) {
      sum += FixedExp.of(logit - max);
    }
    float divisor = (float) sum;
    float logSumExp = Entropy.logSumExp(divisor, max);
    float[] terms = new float[size];
    double entropy = 0;
    for (int i = 0; i < size; i++) {
      float probability = (float) FixedExp.of(descending[i] - max) / divisor;
      terms[i] = -probability * (float) StrictMath.log(probability);
      entropy -= (double) (descending[i] - logSumExp) * probability;
    }
    float limit = (float) entropy * (float) topH;
    double cumulated = terms[0];
    int count = 1;
    // A probability of 0 gives NaN, which ends the loop.
    while (count < size && (float) (cumulated + terms[count]) <= limit) {
      cumulated += terms[count++];
    }
    return count;
  }
}
