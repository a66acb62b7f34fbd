package dev.polylm.internal.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class BeamCandidatesTest {

  @Test
  void keepsTheBestOverAllBeamsInOrder() {
    Random random = new Random(3);
    float[][] scores = new float[3][50];
    for (float[] row : scores) {
      for (int i = 0; i < row.length; i++) {
        row[i] = (float) random.nextGaussian();
      }
    }
    float[] beamScores = {-1f, 0.5f, -0.2f};
    BeamCandidates candidates = new BeamCandidates(7);
    for (int beam = 0; beam < 3; beam++) {
      new CandidateChoice.Best(candidates).offer(beam, scores[beam], beamScores[beam]);
    }

    int[] expected =
        IntStream.range(0, 150)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> -(scores[i / 50][i % 50] + beamScores[i / 50])))
            .limit(7)
            .mapToInt(i -> i)
            .toArray();
    int[] found =
        IntStream.range(0, candidates.size())
            .map(i -> candidates.beam(i) * 50 + candidates.id(i))
            .toArray();
    assertThat(found).isEqualTo(expected);
  }

  @Test
  void neverTakesWhatIsImpossible() {
    BeamCandidates candidates = new BeamCandidates(4);
    new CandidateChoice.Best(candidates)
        .offer(0, new float[] {Float.NEGATIVE_INFINITY, 1, Float.NEGATIVE_INFINITY, Float.NaN}, 0);
    assertThat(candidates.size()).isEqualTo(1);
    assertThat(candidates.id(0)).isEqualTo(1);
  }

  @Test
  void ofEqualScoresTheFirstOfferedComesFirst() {
    BeamCandidates candidates = new BeamCandidates(3);
    new CandidateChoice.Best(candidates).offer(0, new float[] {1, 2, 2, 2, 2}, 0);
    assertThat(IntStream.range(0, 3).map(candidates::id)).containsExactly(1, 2, 3);
  }
}
