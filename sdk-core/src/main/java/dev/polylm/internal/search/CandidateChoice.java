package dev.polylm.internal.search;

/** How beam search chooses the continuations of a step out of all beams' ids. */
interface CandidateChoice {

  /**
   * Offers every id of a beam.
   *
   * @param logProbabilities [vocabSize]; what is minus infinity or NaN is never chosen
   * @param beamScore added to each
   */
  void offer(int beam, float[] logProbabilities, float beamScore);

  /** Fills the candidates, which are empty before the first offer, from beams beams' offers. */
  void choose(int beams, BeamCandidates candidates);
}
