package dev.polylm.generation;

/**
 * The best continuations over all beams, without sorting the rest.
 *
 * <p>Of equal scores the one offered first is kept and comes first.
 */
final class TopCandidates {
  private final int capacity;
  private final float[] scores; // descending
  private final int[] beams;
  private final int[] ids;
  private int size;

  TopCandidates(int capacity) {
    this.capacity = capacity;
    this.scores = new float[capacity];
    this.beams = new int[capacity];
    this.ids = new int[capacity];
  }

  void clear() {
    size = 0;
  }

  /**
   * Offers every id of a beam.
   *
   * @param logProbabilities [vocabSize]; minus infinity is never taken
   * @param beamScore added to each
   */
  void offer(int beam, float[] logProbabilities, float beamScore) {
    float least = least();
    for (int id = 0; id < logProbabilities.length; id++) {
      float score = logProbabilities[id] + beamScore;
      if (score > least) {
        insert(score, beam, id);
        least = least();
      }
    }
  }

  private float least() {
    return size < capacity ? Float.NEGATIVE_INFINITY : scores[capacity - 1];
  }

  private void insert(float score, int beam, int id) {
    int position = size;
    while (position > 0 && scores[position - 1] < score) {
      position--;
    }
    int moved = Math.min(size, capacity - 1) - position;
    System.arraycopy(scores, position, scores, position + 1, moved);
    System.arraycopy(beams, position, beams, position + 1, moved);
    System.arraycopy(ids, position, ids, position + 1, moved);
    scores[position] = score;
    beams[position] = beam;
    ids[position] = id;
    size = Math.min(size + 1, capacity);
  }

  int size() {
    return size;
  }

  float score(int index) {
    return scores[index];
  }

  int beam(int index) {
    return beams[index];
  }

  int id(int index) {
    return ids[index];
  }
}
