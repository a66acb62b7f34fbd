package dev.polylm.internal.search;

import dev.polylm.generation.GenerationConfig;
import dev.polylm.internal.logits.TopN;
import dev.polylm.logits.TokenLogProbability;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the model itself thought of the ids of beams, before any processing. Beams that part share
 * what they have in common. Keeps nothing where a request does not ask for it.
 */
final class BeamLogprobs {

  /** Of an id of a beam and, by the one before it, of all ids before. */
  record Note(
      @Nullable Note before, int length, float logprob, List<TokenLogProbability> alternatives) {}

  private final boolean wanted;
  private final int topLogprobs;
  private final float[][] rows; // [numBeams][vocabSize], of this step; empty if not wanted
  private final List<List<TokenLogProbability>> alternatives = new ArrayList<>(); // [numBeams]
  private @Nullable Note[] running; // [numBeams], of each beam's last id
  private @Nullable Note[] spare; // [numBeams], what running becomes in the next step

  BeamLogprobs(GenerationConfig config, int vocabSize) {
    int numBeams = config.numBeams();
    this.wanted = config.outputLogprobs();
    this.topLogprobs = config.topLogprobs();
    this.rows = new float[wanted ? numBeams : 0][vocabSize];
    this.running = new Note[numBeams];
    this.spare = new Note[numBeams];
    for (int i = 0; i < numBeams; i++) {
      alternatives.add(List.of());
    }
  }

  /** Notes what the model thinks of a beam's next id. */
  void read(int beam, float[] logProbabilities) {
    if (wanted) {
      System.arraycopy(logProbabilities, 0, rows[beam], 0, logProbabilities.length);
      alternatives.set(
          beam,
          Arrays.stream(TopN.of(logProbabilities, topLogprobs))
              .mapToObj(id -> new TokenLogProbability(id, logProbabilities[id]))
              .toList());
    }
  }

  /** Returns the note of a beam's last id, null if there is none. */
  @Nullable Note of(int beam) {
    return running[beam];
  }

  /** Returns the note of an id that follows a beam, null if it is not wanted. */
  @Nullable Note of(int beam, int nextId) {
    if (!wanted) {
      return null;
    }
    Note before = running[beam];
    int length = before == null ? 1 : before.length + 1;
    return new Note(before, length, rows[beam][nextId], alternatives.get(beam));
  }

  /** Makes an id that follows a beam the last of a beam of the next step. */
  void extend(int newBeam, int beam, int nextId) {
    spare[newBeam] = of(beam, nextId);
  }

  /** Goes on to the next step. */
  void advance() {
    @Nullable Note[] before = running;
    running = spare;
    spare = before;
  }

  /** Returns the log-probability of each id up to the note's, the first id's first. */
  static float[] tokenLogprobs(@Nullable Note last) {
    float[] logprobs = new float[last == null ? 0 : last.length];
    for (Note note = last; note != null; note = note.before) {
      logprobs[note.length - 1] = note.logprob;
    }
    return logprobs;
  }

  /**
   * Returns the likeliest ids in the place of each id up to the note's; empty if they are not wanted.
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
