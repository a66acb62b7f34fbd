package dev.polylm.internal.search;

import dev.polylm.internal.logits.Multinomial;
import dev.polylm.internal.logits.SeededRandom;
import dev.polylm.internal.logits.Workspace;
import java.util.Arrays;

/** Chooses the continuations of a step from all beams' ids. */
interface CandidateChoice {

  /**
   * Offers every id of a beam.
   *
   * @param logProbabilities [vocabSize]; an id with minus infinity or NaN is never chosen
   * @param beamScore is added to each
   */
  void offer(int beam, float[] logProbabilities, float beamScore);

  /**
   * Fills the candidates from the offers of all beams. The candidates are empty before the first
   * offer.
   */
  void choose(int beams, BeamCandidates candidates);

  /** Chooses the best continuations over all beams, without sorting the rest. */
  final class Best implements CandidateChoice {
    private final BeamCandidates candidates;

    Best(BeamCandidates candidates) {
      this.candidates = candidates;
    }

    @Override
    public void offer(int beam, float[] logProbabilities, float beamScore) {
      float least = least();
      for (int id = 0; id < logProbabilities.length; id++) {
        float score = logProbabilities[id] + beamScore;
        if (score > least) {
          candidates.insert(score, beam, id);
          least = least();
        }
      }
    }

    /** Returns the score that a continuation must exceed. */
    private float least() {
      return candidates.size() < candidates.capacity()
          ? Float.NEGATIVE_INFINITY
          : candidates.score(candidates.capacity() - 1);
    }

    @Override
    public void choose(int beams, BeamCandidates chosen) {
      // Each offer has already inserted its best candidates.
    }
  }

  /** Draws continuations by probability over all beams, each at most once. */
  final class Drawn implements CandidateChoice {
    private final int vocabSize;
    private final float[] scores; // [numBeams * vocabSize]
    private final SeededRandom random;
    private final Workspace workspace;

    Drawn(int numBeams, int vocabSize, long seed, Workspace workspace) {
      this.vocabSize = vocabSize;
      this.scores = new float[numBeams * vocabSize];
      this.random = new SeededRandom(seed);
      this.workspace = workspace;
    }

    @Override
    public void offer(int beam, float[] logProbabilities, float beamScore) {
      int start = beam * vocabSize;
      for (int id = 0; id < vocabSize; id++) {
        scores[start + id] = logProbabilities[id] + beamScore;
      }
    }

    @Override
    public void choose(int beams, BeamCandidates candidates) {
      Arrays.fill(scores, beams * vocabSize, scores.length, Float.NEGATIVE_INFINITY);
      int[] drawn =
          Multinomial.sampleWithoutReplacement(scores, candidates.capacity(), random, workspace);
      for (int index : drawn) {
        candidates.append(scores[index], index / vocabSize, index % vocabSize);
      }
    }
  }
}
