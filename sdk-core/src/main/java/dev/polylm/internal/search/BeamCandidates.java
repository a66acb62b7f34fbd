package dev.polylm.internal.search;

/** A bounded list of continuations of beams. Each has a beam, an id, and the score of both. */
final class BeamCandidates {
  private final int capacity;
  private final float[] scores;
  private final int[] beams;
  private final int[] ids;
  private int size;

  BeamCandidates(int capacity) {
    this.capacity = capacity;
    this.scores = new float[capacity];
    this.beams = new int[capacity];
    this.ids = new int[capacity];
  }

  void clear() {
    size = 0;
  }

  int capacity() {
    return capacity;
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

  /** Appends a candidate. There must be room. */
  void append(float score, int beam, int id) {
    put(size++, score, beam, id);
  }

  /**
   * Inserts a candidate by score, the best first; all others must be in that order. If there is no
   * room, the last candidate is dropped. Of equal scores, the first inserted comes first.
   */
  void insert(float score, int beam, int id) {
    int position = size;
    while (position > 0 && scores[position - 1] < score) {
      position--;
    }
    int moved = Math.min(size, capacity - 1) - position;
    System.arraycopy(scores, position, scores, position + 1, moved);
    System.arraycopy(beams, position, beams, position + 1, moved);
    System.arraycopy(ids, position, ids, position + 1, moved);
    put(position, score, beam, id);
    size = Math.min(size + 1, capacity);
  }

  /** Sorts the candidates, the best first. */
  void sort() {
    int count = size;
    size = 0;
    for (int i = 0; i < count; i++) {
      insert(scores[i], beams[i], ids[i]);
    }
  }

  private void put(int index, float score, int beam, int id) {
    scores[index] = score;
    beams[index] = beam;
    ids[index] = id;
  }
}
