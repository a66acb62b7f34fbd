package dev.polylm.internal.logits;

/** The common code of {@link MinP}, {@link EpsilonCutoff} and {@link EtaCutoff}. */
final class Cutoff {
  private Cutoff() {}

  /**
   * Rules out the workspace's candidates that are less probable than a limit. It never rules out
   * the {@code minTokensToKeep} largest logits and those equal to the last of them.
   */
  static void apply(float[] logits, Workspace workspace, float limit, int minTokensToKeep) {
    Candidates candidates = workspace.candidates();
    float safe =
        minTokensToKeep == 1
            ? candidates.max()
            : TopN.valueAt(logits, Math.min(minTokensToKeep, logits.length), workspace);
    for (int i = 0; i < candidates.size(); i++) {
      int id = candidates.id(i);
      if (candidates.probability(i) < limit && logits[id] < safe) {
        logits[id] = Float.NEGATIVE_INFINITY;
      }
    }
  }
}
