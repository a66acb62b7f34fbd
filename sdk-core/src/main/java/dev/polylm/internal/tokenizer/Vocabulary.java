package dev.polylm.internal.tokenizer;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.polylm.PolyLmException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/** The pieces by id, and the kind of each. Immutable. */
public final class Vocabulary {
  /** The meaning of a piece in a text and in a sequence of ids. */
  public enum Kind {
    /** A part of texts. */
    TEXT,
    /** A byte of a character that no other piece has, such as {@code <0x0A>}. */
    BYTE,
    /** Not part of texts: parsed in trusted texts, skipped in decoding. */
    SPECIAL,
    /** Not part of texts, and never parsed; decodes to nothing. */
    CONTROL
  }

  private static final int BYTES = 256;

  private final PieceTable pieces;
  private final Kind[] kinds;
  private final Map<String, Integer> specialIds = new HashMap<>();
  private final int[] byteIds;
  private final int unkId;
  private final int ids;
  private final BitSet unknownAfterBoundary = new BitSet();

  /**
   * @param pieces the pieces, arranged
   * @param added the kinds, by id, of pieces whose text does not show their kind
   * @param unkId the id of the piece for characters that no other piece has
   * @param ids how many ids the model knows, which may be more than the pieces
   * @throws PolyLmException if there is byte fallback but not a piece for each byte
   */
  Vocabulary(
      PieceTable pieces, Map<Integer, Kind> added, int unkId, boolean byteFallback, int ids) {
    this.pieces = pieces;
    this.kinds = new Kind[pieces.size()];
    this.unkId = unkId;
    this.ids = ids;
    this.byteIds = new int[byteFallback ? BYTES : 0];
    Arrays.fill(kinds, Kind.TEXT);
    readBytes();
    for (int id : pieces.withInnerBoundary()) {
      String piece = pieces.text(id);
      unknownAfterBoundary.set(
          id,
          piece.charAt(0) == TextNormalizer.WORD_BOUNDARY
              && pieces.trie().idOf(piece.substring(1)) == TextTrie.NONE);
    }
    added.forEach(this::setKind);
  }

  private void readBytes() {
    int found = 0;
    for (int value = 0; value < byteIds.length; value++) {
      int id = pieces.trie().idOf(String.format(Locale.ROOT, "<0x%02X>", value));
      if (id != TextTrie.NONE) {
        byteIds[value] = id;
        kinds[id] = Kind.BYTE;
        found++;
      }
    }
    if (found != byteIds.length) {
      throw new PolyLmException(
          "model: has byte_fallback and %s byte pieces, expected %s".formatted(found, BYTES));
    }
  }

  private void setKind(int id, Kind kind) {
    kinds[id] = kind;
    if (kind == Kind.SPECIAL) {
      specialIds.put(pieces.text(id), id);
    }
  }

  /** Returns how many pieces there are. */
  public int size() {
    return kinds.length;
  }

  public int unkId() {
    return unkId;
  }

  /** Returns the number of chars of the longest piece. */
  int longest() {
    return pieces.longest();
  }

  /** Returns the ids of all pieces, by their texts. */
  TextTrie trie() {
    return pieces.trie();
  }

  /** Returns true if a text may become this piece, other than as a fallback. */
  boolean isInTexts(int id) {
    return kinds[id] == Kind.TEXT && id != unkId;
  }

  /** Returns true if characters without a piece become bytes, not the unknown piece. */
  boolean byteFallback() {
    return byteIds.length > 0;
  }

  /** Returns the ids of the special pieces. */
  public Map<String, Integer> specialIds() {
    return Collections.unmodifiableMap(specialIds);
  }

  /** Returns the id of the piece for a byte, 0 to 255, if {@link #byteFallback()} is true. */
  int byteId(int value) {
    return byteIds[value];
  }

  /** Returns the byte, 0 to 255, that a piece of kind {@link Kind#BYTE} stands for. */
  public int byteValue(int id) {
    return Integer.parseInt(pieces.text(id), 3, 5, 16);
  }

  /** Returns the UTF-8 bytes that an id adds to a text. */
  public byte[] bytes(int id) {
    return switch (kind(id)) {
      case TEXT -> piece(id).replace(TextNormalizer.WORD_BOUNDARY, ' ').getBytes(UTF_8);
      case BYTE -> new byte[] {(byte) byteValue(id)};
      case SPECIAL, CONTROL -> new byte[0];
    };
  }

  /**
   * Returns the ids of a text's bytes, or of its characters if there are no byte pieces.
   *
   * @throws PolyLmException if there is no piece for a character either
   */
  public int[] smallestPieces(String text) {
    if (!byteFallback()) {
      return text.replace(' ', TextNormalizer.WORD_BOUNDARY)
          .codePoints()
          .map(this::characterId)
          .toArray();
    }
    byte[] bytes = text.getBytes(UTF_8);
    return IntStream.range(0, bytes.length)
        .map(i -> byteId(Byte.toUnsignedInt(bytes[i])))
        .toArray();
  }

  private int characterId(int codePoint) {
    int id = trie().idOf(Character.toString(codePoint));
    if (id == TextTrie.NONE || kinds[id] != Kind.TEXT) {
      throw new PolyLmException(
          String.format(
              Locale.ROOT,
              "the vocabulary has neither byte pieces nor a piece for U+%04X",
              codePoint));
    }
    return id;
  }

  /**
   * Returns true for a piece that LlamaTokenizer can't find after it cuts the word boundary off. It
   * decodes such a piece as it is.
   */
  public boolean isUnknownAfterBoundary(int id) {
    return unknownAfterBoundary.get(id);
  }

  /**
   * Returns the kind of an id. Padded models have ids beyond the pieces, which are skipped like
   * special pieces.
   *
   * @throws PolyLmException if there is no such id
   */
  public Kind kind(int id) {
    return checked(id) < kinds.length ? kinds[id] : Kind.SPECIAL;
  }

  /**
   * Returns the text of a piece, or an empty text for an id beyond the pieces.
   *
   * @throws PolyLmException if there is no such id
   */
  public String piece(int id) {
    return checked(id) < kinds.length ? pieces.text(id) : "";
  }

  private int checked(int id) {
    if (id < 0 || id >= ids) {
      throw new PolyLmException(
          "id %s is outside the vocabulary, expected 0 to %s".formatted(id, ids - 1));
    }
    return id;
  }
}
