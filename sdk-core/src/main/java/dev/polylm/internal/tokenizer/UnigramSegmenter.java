package dev.polylm.internal.tokenizer;

import java.util.Arrays;

/**
 * Finds the likeliest pieces of a text with Viterbi's algorithm, in time linear in the text.
 *
 * <p>It rounds as SentencePiece does ({@code Model::EncodeOptimized} in v0.2.0, {@code
 * src/unigram_model.cc}): a path's score is stored in 32 bits, and compared in 64 bits when it is
 * tried. In texts of thousands of characters the rounding decides between paths.
 */
final class UnigramSegmenter implements Segmenter {
  /** How much less likely a character without a piece is than the rarest piece. */
  private static final float UNKNOWN_PENALTY = 10;

  private static final int UNKNOWN = -1;

  private final TextTrie trie;

  /** The scores by id; NaN if no text becomes the piece. */
  private final double[] scores;

  private final float unknownScore;

  /**
   * @param scores the log probabilities by id
   */
  UnigramSegmenter(Vocabulary vocabulary, double[] scores) {
    this.trie = vocabulary.trie();
    this.scores = Arrays.copyOf(scores, vocabulary.size());
    for (int id = 0; id < vocabulary.size(); id++) {
      if (id >= scores.length || !vocabulary.isInTexts(id)) {
        this.scores[id] = Double.NaN;
      }
    }
    float lowest = (float) Arrays.stream(scores).min().orElse(0);
    this.unknownScore = lowest - UNKNOWN_PENALTY;
  }

  @Override
  public void segment(char[] text, int start, int end, PieceSink pieces) {
    Paths paths = new Paths(end - start);
    for (int from = start; from < end; ) {
      int next = from + (Character.isHighSurrogate(text[from]) ? 2 : 1);
      extend(paths, text, start, from, next, end);
      from = next;
    }
    paths.turnRound();
    for (int from = 0; from < end - start; from = paths.other[from]) {
      int to = paths.other[from];
      if (paths.ids[to] == UNKNOWN) {
        pieces.unknown(text, start + from, start + to);
      } else {
        pieces.piece(paths.ids[to]);
      }
    }
  }

  /** Tries each piece that begins at a character, and the character itself if it is not a piece. */
  private void extend(Paths paths, char[] text, int start, int from, int next, int end) {
    float score = paths.scores[from - start];
    boolean known = false;
    int node = TextTrie.ROOT;
    for (int position = from; position < end; ) {
      node = trie.child(node, text[position++]);
      if (node == TextTrie.NONE) {
        break;
      }
      int id = trie.id(node);
      if (id != TextTrie.NONE && !Double.isNaN(scores[id])) {
        paths.offer(from - start, position - start, (float) (scores[id] + score), id);
        known |= position == next;
      }
    }
    if (!known) {
      paths.offer(from - start, next - start, unknownScore + score, UNKNOWN);
    }
  }

  /** The best path to each place in the text. */
  private static final class Paths {
    final float[] scores;

    /** The last piece of the path. */
    final int[] ids;

    /**
     * Where the last piece of each path begins, or -1 if no path ends there. After turning round,
     * where each piece ends.
     */
    final int[] other;

    Paths(int length) {
      scores = new float[length + 1];
      ids = new int[length + 1];
      other = new int[length + 1];
      Arrays.fill(other, -1);
    }

    void offer(int from, int to, float score, int id) {
      if (other[to] < 0 || score > scores[to]) {
        scores[to] = score;
        other[to] = from;
        ids[to] = id;
      }
    }

    /** Turns the links of the whole text's best path forward. */
    void turnRound() {
      int to = other.length - 1;
      int from = other[to];
      while (to > 0) {
        int before = from > 0 ? other[from] : 0;
        other[from] = to;
        to = from;
        from = before;
      }
    }
  }
}
