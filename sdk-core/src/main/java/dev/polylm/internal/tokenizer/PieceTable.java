package dev.polylm.internal.tokenizer;

import dev.polylm.PolyLmException;
import dev.polylm.internal.text.Quoted;
import dev.polylm.internal.text.Utf8;
import java.util.Arrays;

/** The texts of pieces, one behind the other, and the way from a text to its id. */
final class PieceTable {
  /** PolyLM has 256,000. Together with the next two, keeps a file from filling the memory. */
  static final int MAX_PIECES = 1 << 20;

  /** The exporter takes no longer ones either. SentencePiece's default is 16. */
  private static final int MAX_PIECE_CHARS = 256;

  private static final int MAX_CHARS = 1 << 22;

  private final PieceTrie trie = new PieceTrie();
  private char[] texts = new char[1 << 12];
  private int chars;

  /** In the order of reading: the id, and where the text ends. */
  private int[] readIds = new int[1 << 8];

  private int[] readEnds = new int[1 << 8];
  private int size;
  private int longest;
  private final IdList withInnerBoundary = new IdList();

  /** By id, once {@link #arrange} was called: where the text begins and ends. */
  private int[] starts = {};

  private int[] ends = {};

  PieceTrie trie() {
    return trie;
  }

  int size() {
    return size;
  }

  /** The ids of the pieces that hold a word boundary behind their first char. */
  int[] withInnerBoundary() {
    return withInnerBoundary.toArray();
  }

  /** The chars of the longest piece. */
  int longest() {
    return longest;
  }

  /**
   * Adds a piece; ids may come in any order.
   *
   * @throws PolyLmException where it is empty, too long, no text or there already, or one too many
   */
  void add(String piece, int id) {
    if (piece.isEmpty() || piece.length() > MAX_PIECE_CHARS) {
      throw new PolyLmException(
          piece.isEmpty()
              ? "piece %d is empty".formatted(id)
              : "piece %d has %d characters, expected at most %d"
                  .formatted(id, piece.length(), MAX_PIECE_CHARS));
    }
    if (size == MAX_PIECES || chars + piece.length() > MAX_CHARS) {
      throw new PolyLmException(
          "has more than %d pieces of %d characters together".formatted(MAX_PIECES, MAX_CHARS));
    }
    longest = Math.max(longest, piece.length());
    if (piece.indexOf(TextNormalizer.WORD_BOUNDARY, 1) > 0) {
      withInnerBoundary.add(id);
    }
    append(piece, id);
    int before = trie.put(piece, id);
    if (before != PieceTrie.NONE) {
      throw new PolyLmException(
          "piece \"%s\" is there twice, with the ids %d and %d"
              .formatted(Quoted.of(piece), before, id));
    }
  }

  private void append(String piece, int id) {
    if (Utf8.loneSurrogate(piece) >= 0) {
      throw new PolyLmException(
          "piece %d, \"%s\", holds half of a surrogate pair".formatted(id, Quoted.of(piece)));
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
   * Orders the pieces by id; {@link #text} works from now on.
   *
   * @throws PolyLmException where the ids are not all from 0
   */
  void arrange() {
    starts = new int[size];
    ends = new int[size];
    int start = 0;
    for (int i = 0; i < size; i++) {
      int id = readIds[i];
      if (id < 0 || id >= size || ends[id] > 0) {
        throw new PolyLmException(
            "piece \"%s\" has id %d, expected each of 0 to %d once"
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
