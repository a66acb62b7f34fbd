package dev.polylm.internal.search;

import dev.polylm.generation.EarlyStopping;
import dev.polylm.generation.FinishReason;
import dev.polylm.generation.GenerationConfig;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The best finished sequences of a beam search. It also tells whether more steps could give better
 * ones.
 */
final class FinishedBeams {

  /** A finished sequence with its score, including the length penalty. */
  @SuppressWarnings("ArrayRecordComponent") // package-private, never compared
  record Beam(int[] newIds, float score, FinishReason reason, BeamLogprobs.@Nullable Note note) {}

  private final GenerationConfig config;
  private final int promptLength;
  private final int maxLength;
  private final List<Beam> beams = new ArrayList<>(); // descending scores, numBeams at most
  private boolean improvable = true;

  FinishedBeams(GenerationConfig config, int promptLength, int maxLength) {
    this.config = config;
    this.promptLength = promptLength;
    this.maxLength = maxLength;
  }

  /**
   * Offers a finished sequence.
   *
   * @param newIds all of its ids after the prompt
   * @param sum the sum of their log-probabilities
   * @param note the note of its last id, or null if log-probabilities are not wanted
   */
  void offer(int[] newIds, float sum, FinishReason reason, BeamLogprobs.@Nullable Note note) {
    float score = penalized(sum, newIds.length);
    int position = beams.size();
    while (position > 0 && beams.get(position - 1).score < score) {
      position--;
    }
    if (position < config.numBeams()) {
      beams.add(position, new Beam(newIds, score, reason, note));
      if (beams.size() > config.numBeams()) {
        beams.remove(beams.size() - 1);
      }
    }
  }

  private float penalized(float sum, int length) {
    return sum / (float) StrictMath.pow(length, config.lengthPenalty());
  }

  /**
   * Returns whether the search goes on.
   *
   * @param bestSum the best sum of a running sequence
   * @param length the number of ids of a running sequence, with its prompt
   */
  boolean mayImprove(float bestSum, int length) {
    boolean full = beams.size() == config.numBeams();
    if (full && config.earlyStopping() == EarlyStopping.TRUE) {
      return false;
    }
    // "never" differs from false only if longer sequences can score better.
    boolean patient = config.earlyStopping() == EarlyStopping.NEVER && config.lengthPenalty() > 0;
    int bestLength = (patient ? maxLength : length) - promptLength;
    float worst = full ? beams.get(beams.size() - 1).score : -1e9f;
    improvable &= penalized(bestSum, bestLength) > worst;
    return improvable;
  }

  List<Beam> best(int count) {
    return beams.subList(0, Math.min(count, beams.size()));
  }
}
