package dev.polylm.internal.tokenizer;

import java.util.Arrays;

/** The order in which BPE makes pieces of others. */
final class Merges {
  private final int[] ranks;
  private final Joints joints = new Joints();
  private int count;

  /**
   * @param pieces how many pieces there are
   */
  Merges(int pieces) {
    ranks = new int[pieces];
    Arrays.fill(ranks, PieceTrie.NONE);
  }

  /** Ranks a piece behind all others, unless it has a rank. */
  void add(int id, CharSequence piece) {
    if (ranks[id] == PieceTrie.NONE) {
      ranks[id] = count++;
      for (int i = 1; i < piece.length(); i++) {
        joints.add(piece.charAt(i - 1), piece.charAt(i));
      }
    }
  }

  /** The lower, the earlier; {@link PieceTrie#NONE} for what is no merged piece. */
  int rank(int id) {
    return id >= 0 && id < ranks.length ? ranks[id] : PieceTrie.NONE;
  }

  Joints joints() {
    return joints;
  }
}
