package dev.polylm.internal.engine;

/**
 * The times of a model and its draft model, and what follows from them: how many ids to guess for a
 * step. The table in docs/performance.md is made with it.
 *
 * @param oneId the time of a step that reads one id
 * @param furtherId the time that each further id adds to a step
 * @param guess the time that the draft model takes to guess an id
 */
record DraftCosts(double oneId, double furtherId, double guess) {

  /**
   * Returns how many ids a step gives on average: the guesses before the first wrong one, and the
   * one that the model chooses after them.
   *
   * @param acceptance the probability that a guess is right if those before it are
   */
  static double idsPerStep(double acceptance, int length) {
    double ids = 0;
    double reached = 1;
    for (int i = 0; i <= length; i++) {
      ids += reached;
      reached *= acceptance;
    }
    return ids;
  }

  /** Returns the time of a step, with the time to guess its ids. */
  double step(int length) {
    return oneId + length * (furtherId + guess);
  }

  /** Returns how many times as fast ids come with guesses as without. */
  double speedup(double acceptance, int length) {
    return idsPerStep(acceptance, length) * oneId / step(length);
  }

  /** Returns the number of guesses, at most a limit, that makes ids come fastest. */
  int best(double acceptance, int most) {
    int best = 0;
    for (int length = 1; length <= most; length++) {
      if (speedup(acceptance, length) > speedup(acceptance, best)) {
        best = length;
      }
    }
    return best;
  }

  /** Returns the acceptance from which on so many guesses pay, or 1 if they never do. */
  double breakEven(int length) {
    double pays = 1;
    double not = 0;
    for (int i = 0; i < 40; i++) {
      double middle = (pays + not) / 2;
      if (speedup(middle, length) >= 1) {
        pays = middle;
      } else {
        not = middle;
      }
    }
    return pays;
  }
}
