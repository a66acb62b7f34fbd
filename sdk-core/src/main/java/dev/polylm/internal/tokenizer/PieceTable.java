package dev.polylm.internal.tokenizer;

import dev.polylm.PolyLmException;
import dev.polylm.internal.untrusted.Quoted;
import dev.polylm.internal.untrusted.Utf8;
import java.util.Arrays;

/** The texts of all pieces, and the lookup of a text's id. */
final class PieceTable {
  /**
   * The largest number of pieces. PolyLM has 256,000. This limit and the next two keep a file from
   * filling the memory.
   */
  static final int MAX_PIECES = 1 << 20;

  /** The greatest length of a piece, as in the exporter. SentencePiece's default is 16. */
  private static final int MAX_PIECE_CHARS = 256;

  private static final int MAX_CHARS = 1 << 22;

  private final TextTrie trie = new TextTrie();
  private char[] texts = new char[1 << 12];
  private int chars;

  /** The id of each piece and the end of its text, in the order of reading. */
  private int[] readIds = new int[1 << 8];

  private int[] readEnds = new int[1 << 8];
  private int size;
  private int longest;
  private final IdList withInnerBoundary = new IdList();

  /** The start and end of each id's text, after {@link #arrange}. */
  private int[] starts = {};

  private int[] ends = {};

  TextTrie trie() {
    return trie;
  }

  int size() {
    return size;
  }

  /** Returns the ids of the pieces that have a word boundary after their first char. */
  int[] withInnerBoundary() {
    return withInnerBoundary.toArray();
  }

  /** Returns the number of chars of the longest piece. */
  int longest() {
    return longest;
  }

  /**
   * Adds a piece; ids may come in any order.
   *
   * @throws PolyLmException if the piece is empty, too long, not a valid text, a duplicate, or one
   *     too many
   */
  void add(String piece, int id) {
    if (piece.isEmpty() || piece.length() > MAX_PIECE_CHARS) {
      throw new PolyLmException(
          piece.isEmpty()
              ? "piece %s is empty".formatted(id)
              : "piece %s has %s characters, expected at most %s"
                  .formatted(id, piece.length(), MAX_PIECE_CHARS));
    }
    if (size == MAX_PIECES || chars + piece.length() > MAX_CHARS) {
      throw new PolyLmException(
          "has more than %s pieces of %s characters together".formatted(MAX_PIECES, MAX_CHARS));
    }
    longest = Math.max(longest, piece.length());
    if (piece.indexOf(TextNormalizer.WORD_BOUNDARY, 1) > 0) {
      withInnerBoundary.add(id);
    }
    append(piece, id);
    int before = trie.put(piece, id);
    if (before != TextTrie.NONE) {
      throw new PolyLmException(
          "piece \"%s\" occurs twice, with the ids %s and %s"
              .formatted(Quoted.of(piece), before, id));
    }
  }

  private void append(String piece, int id) {
    if (Utf8.loneSurrogate(piece) >= 0) {
      throw new PolyLmException(
          "piece %s, \"%s\", holds half of a surrogate pair".formatted(id, Quoted.of(piece)));
    }
    if (chars + piece.length() > texts.length) {
      texts = Arrays.copyOf(texts, 2 * texts.length);
    }
    piece.getChars(0, piece.length(), texts, chars);
    chars += piece.length();
    if (size == readIds.length) {
      readIds = Arrays.copyOf(readIds, 2 * size);
      readEnds = Arrays.copyOf(readEnds, 2 * size);
    }
    readIds[size] = id;
    readEnds[size++] = chars;
  }

  /**
   * Orders the pieces by id. {@link #text} works from then on.
   *
   * @throws PolyLmException if the ids are not all from 0
   */
  void arrange() {
    starts = new int[size];
    ends = new int[size];
    int start = 0;
    for (int i = 0; i < size; i++) {
      int id = readIds[i];
      if (id < 0 || id >= size || ends[id] > 0) {
        throw new PolyLmException(
            "piece \"%s\" has id %s, expected each of 0 to %s once"
                .formatted(Quoted.of(text(start, readEnds[i])), id, size - 1));
      }
      starts[id] = start;
      ends[id] = readEnds[i];
      start = readEnds[i];
    }
  }

  String text(int id) {
    return text(starts[id], ends[id]);
  }

  private String text(int start, int end) {
    return new String(texts, start, end - start);
  }
}
