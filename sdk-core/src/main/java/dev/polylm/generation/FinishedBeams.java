package dev.polylm.generation;

import dev.polylm.sampling.TokenBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The best finished sequences of a beam search, and whether more steps could give better ones. */
final class FinishedBeams {

  /** A finished sequence with its score, the length penalty applied. */
  @SuppressWarnings("ArrayRecordComponent") // package-private, never compared
  record Beam(int[] newIds, float score, FinishReason reason) {}

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
   * @param tokens all of it but its last id
   * @param sum the sum of its log-probabilities
   */
  void offer(TokenBuffer tokens, int lastId, float sum, FinishReason reason) {
    offer(withLast(tokens.newIds(), lastId), sum, reason);
  }

  /** Offers a finished sequence by its new ids and the sum of their log-probabilities. */
  void offer(int[] newIds, float sum, FinishReason reason) {
    float score = penalized(sum, newIds.length);
    int position = beams.size();
    while (position > 0 && beams.get(position - 1).score < score) {
      position--;
    }
    if (position < config.numBeams()) {
      beams.add(position, new Beam(newIds, score, reason));
      if (beams.size() > config.numBeams()) {
        beams.remove(beams.size() - 1);
      }
    }
  }

  /** Ids and one more. */
  static int[] withLast(int[] ids, int last) {
    int[] all = Arrays.copyOf(ids, ids.length + 1);
    all[ids.length] = last;
    return all;
  }

  private float penalized(float sum, int length) {
    return sum / (float) Math.pow(length, config.lengthPenalty());
  }

  /**
   * Says whether the search goes on.
   *
   * @param bestSum the best sum of a running sequence
   * @param length ids of a running sequence with its prompt
   */
  boolean mayImprove(float bestSum, int length) {
    boolean full = beams.size() == config.numBeams();
    if (full && config.earlyStopping() == EarlyStopping.TRUE) {
      return false;
    }
    // "never" is patient only where longer sequences can score better; else it is as false.
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
