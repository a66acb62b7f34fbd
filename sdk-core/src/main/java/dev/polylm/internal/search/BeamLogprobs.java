package dev.polylm.internal.search;

import dev.polylm.generation.GenerationConfig;
import dev.polylm.internal.constraint.mask.State;
import dev.polylm.internal.logits.LogSoftmax;
import dev.polylm.internal.logits.TopN;
import dev.polylm.logits.TokenLogProbability;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The model's own log-probabilities of the ids of beams, before any processing. Beams share the
 * notes of their common ids. Keeps nothing if the request does not ask for it.
 */
final class BeamLogprobs {

  /**
   * The note of a beam's id. It links to the note of the id before it.
   *
   * @param constrained the log-probability among the ids that the constraint allowed; NaN without a
   *     constraint
   */
  record Note(
      @Nullable Note before,
      int length,
      float logprob,
      float constrained,
      List<TokenLogProbability> alternatives) {}

  private final boolean wanted;
  private final int topLogprobs;
  private final float[][] rows; // [numBeams][vocabSize], of this step; empty if not wanted
  private final float[] allowed; // [numBeams]: the log-probability of all allowed ids together
  private final List<List<TokenLogProbability>> alternatives = new ArrayList<>(); // [numBeams]
  private @Nullable Note[] running; // [numBeams], of each beam's last id
  private @Nullable Note[] spare; // [numBeams], what running becomes in the next step

  BeamLogprobs(GenerationConfig config, int vocabSize) {
    int numBeams = config.numBeams();
    this.wanted = config.outputLogprobs();
    this.topLogprobs = config.topLogprobs();
    this.rows = new float[wanted ? numBeams : 0][vocabSize];
    this.allowed = new float[numBeams];
    this.running = new Note[numBeams];
    this.spare = new Note[numBeams];
    for (int i = 0; i < numBeams; i++) {
      alternatives.add(List.of());
    }
  }

  /** Notes the log-probabilities of a beam's next id, and those that its constraint allows. */
  void read(int beam, float[] logProbabilities, @Nullable State state) {
    if (wanted) {
      allowed[beam] = state == null ? Float.NaN : sumOfAllowed(logProbabilities.clone(), state);
      System.arraycopy(logProbabilities, 0, rows[beam], 0, logProbabilities.length);
      alternatives.set(
          beam,
          Arrays.stream(TopN.of(logProbabilities, topLogprobs))
              .mapToObj(id -> new TokenLogProbability(id, logProbabilities[id]))
              .toList());
    }
  }

  private static float sumOfAllowed(float[] logProbabilities, State state) {
    state.mask().apply(logProbabilities);
    return LogSoftmax.logSumExp(logProbabilities);
  }

  /** Returns the note of a beam's last id, or null if there is none. */
  @Nullable Note of(int beam) {
    return running[beam];
  }

  /** Returns the note of an id that follows a beam, or null if notes are not wanted. */
  @Nullable Note of(int beam, int nextId) {
    if (!wanted) {
      return null;
    }
    Note before = running[beam];
    int length = before == null ? 1 : before.length + 1;
    float logprob = rows[beam][nextId];
    return new Note(before, length, logprob, logprob - allowed[beam], alternatives.get(beam));
  }

  /** Makes an id that follows a beam the last id of a beam of the next step. */
  void extend(int newBeam, int beam, int nextId) {
    spare[newBeam] = of(beam, nextId);
  }

  /** Goes on to the next step. */
  void advance() {
    @Nullable Note[] before = running;
    running = spare;
    spare = before;
  }

  /** Returns the log-probability of each id up to the note's id, in order. */
  static float[] tokenLogprobs(@Nullable Note last) {
    float[] logprobs = new float[last == null ? 0 : last.length];
    for (Note note = last; note != null; note = note.before) {
      logprobs[note.length - 1] = note.logprob;
    }
    return logprobs;
  }

  /**
   * Returns the log-probability of each id among those that the constraint allowed, in order. The
   * array is empty without a constraint.
   */
  static float[] constrainedLogprobs(@Nullable Note last) {
    if (last == null || Float.isNaN(last.constrained)) {
      return new float[0];
    }
    float[] logprobs = new float[last.length];
    for (Note note = last; note != null; note = note.before) {
      logprobs[note.length - 1] = note.constrained;
    }
    return logprobs;
  }

  /**
   * Returns the likeliest ids at the position of each id up to the note's id. The list is empty if
   * they are not wanted.
   */
  static List<List<TokenLogProbability>> topLogprobs(@Nullable Note last) {
    if (last == null || last.alternatives.isEmpty()) {
      return List.of();
    }
    List<List<TokenLogProbability>> all = new ArrayList<>(last.length);
    for (Note note = last; note != null; note = note.before) {
      all.add(0, note.alternatives);
    }
    return List.copyOf(all);
  }
}
