package dev.polylm.internal.tokenizer;

import java.util.Arrays;

/** The order in which BPE merges pieces. */
final class Merges {
  private final int[] ranks;
  private final Joints joints = new Joints();
  private int count;

  /**
   * @param pieces the number of pieces
   */
  Merges(int pieces) {
    ranks = new int[pieces];
    Arrays.fill(ranks, TextTrie.NONE);
  }

  /** Ranks a piece after all others, unless it has a rank. */
  void add(int id, CharSequence piece) {
    if (ranks[id] == TextTrie.NONE) {
      ranks[id] = count++;
      for (int i = 1; i < piece.length(); i++) {
        joints.add(piece.charAt(i - 1), piece.charAt(i));
      }
    }
  }

  /**
   * Returns the rank of a piece: a lower rank is merged earlier. Returns {@link TextTrie#NONE} for
   * a piece that is not merged.
   */
  int rank(int id) {
    return id >= 0 && id < ranks.length ? ranks[id] : TextTrie.NONE;
  }

  Joints joints() {
    return joints;
  }
}
