package dev.polylm.internal.search;

import dev.polylm.internal.logits.Multinomial;
import dev.polylm.internal.logits.SeededRandom;
import dev.polylm.internal.logits.Workspace;
import java.util.Arrays;

/** Continuations drawn by probability over all beams, each at most once. */
final class DrawnCandidates implements CandidateChoice {
  private final int vocabSize;
  private final float[] scores; // [numBeams * vocabSize]
  private final SeededRandom random;
  private final Workspace workspace;

  DrawnCandidates(int numBeams, int vocabSize, long seed, Workspace workspace) {
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
