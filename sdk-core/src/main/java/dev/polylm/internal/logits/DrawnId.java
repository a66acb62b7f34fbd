package dev.polylm.internal.logits;

import java.util.Arrays;

/**
 * An id that was drawn, and the probabilities that it was drawn by. Immutable.
 *
 * @see Multinomial#sample(float[], DrawnId, SeededRandom, Workspace)
 */
public final class DrawnId {
  private final int id;
  private final int[] ids; // ascending: those that could be drawn
  private final float[] probabilities; // [ids.length]

  DrawnId(int id, Candidates candidates) {
    this.id = id;
    this.ids = Arrays.copyOf(candidates.ids(), candidates.size());
    this.probabilities = Arrays.copyOf(candidates.probabilities(), candidates.size());
  }

  public int id() {
    return id;
  }

  /** Returns the probability that the id had. */
  float probability() {
    return probabilities[Arrays.binarySearch(ids, id)];
  }

  /** Subtracts the probabilities from those of candidates, down to 0. */
  void subtractFrom(Candidates candidates) {
    float[] others = candidates.probabilities();
    int next = 0;
    for (int i = 0; i < candidates.size(); i++) {
      int other = candidates.id(i);
      while (next < ids.length && ids[next] < other) {
        next++;
      }
      if (next < ids.length && ids[next] == other) {
        others[i] = Math.max(0, others[i] - probabilities[next]);
      }
    }
  }
}
