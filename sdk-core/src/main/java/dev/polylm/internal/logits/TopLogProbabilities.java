package dev.polylm.internal.logits;

import dev.polylm.logits.TokenLogProbability;
import java.util.ArrayList;
import java.util.List;

/** The likeliest ids of a row of logits, without sorting the vocabulary. */
public final class TopLogProbabilities {
  private TopLogProbabilities() {}

  /**
   * Returns the n likeliest ids, the likeliest first. Of equally likely ids, the lowest comes
   * first.
   *
   * @param logits [vocabSize], left as they are
   * @param n at least 0; ids that are ruled out are left out, so the result may have fewer
   */
  public static List<TokenLogProbability> of(float[] logits, int n) {
    int[] ids = TopN.of(logits, n);
    List<TokenLogProbability> best = new ArrayList<>(ids.length);
    if (ids.length > 0) {
      float max = LogSoftmax.max(logits);
      float logSum = LogSoftmax.logSum(logits, max);
      for (int id : ids) {
        best.add(new TokenLogProbability(id, (logits[id] - max) - logSum));
      }
    }
    return List.copyOf(best);
  }
}
