package dev.polylm.internal.search;

/** The best continuations over all beams, without sorting the rest. */
final class BestCandidates implements CandidateChoice {
  private final BeamCandidates candidates;

  BestCandidates(BeamCandidates candidates) {
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

  /** What a continuation must exceed. */
  private float least() {
    return candidates.size() < candidates.capacity()
        ? Float.NEGATIVE_INFINITY
        : candidates.score(candidates.capacity() - 1);
  }

  @Override
  public void choose(int beams, BeamCandidates chosen) {
    // Each offer has put its best in place.
  }
}
