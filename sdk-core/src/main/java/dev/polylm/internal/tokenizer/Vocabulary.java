package dev.polylm.internal.tokenizer;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.polylm.PolyLmException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;

/** The pieces by id, and what kind each is. Immutable. */
public final class Vocabulary {
  /** What a piece means in a text and in a sequence of ids. */
  public enum Kind {
    /** A part of texts. */
    TEXT,
    /** A byte of a character that no other piece has, such as {@code <0x0A>}. */
    BYTE,
    /** Not part of texts: parsed where a text is trusted, skipped in decoding. */
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
   * @param pieces arranged
   * @param added kinds of pieces that their text does not tell, by id
   * @param unkId the id of the piece that stands for what no other piece has
   * @param ids how many ids the model knows, perhaps more than there are pieces
   * @throws PolyLmException where there is byte fallback, but not a piece for each byte
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
              && pieces.trie().idOf(piece.substring(1)) == PieceTrie.NONE);
    }
    added.forEach(this::setKind);
  }

  private void readBytes() {
    int found = 0;
    for (int value = 0; value < byteIds.length; value++) {
      int id = pieces.trie().idOf("<0x%02X>".formatted(value));
      if (id != PieceTrie.NONE) {
        byteIds[value] = id;
        kinds[id] = Kind.BYTE;
        found++;
      }
    }
    if (found != byteIds.length) {
      throw new PolyLmException(
          "model: has byte_fallback and %d byte pieces, expected %d".formatted(found, BYTES));
    }
  }

  private void setKind(int id, Kind kind) {
    kinds[id] = kind;
    if (kind == Kind.SPECIAL) {
      specialIds.put(pieces.text(id), id);
    }
  }

  /** How many pieces there are. */
  public int size() {
    return kinds.length;
  }

  public int unkId() {
    return unkId;
  }

  /** The chars of the longest piece. */
  int longest() {
    return pieces.longest();
  }

  /** The ids of all pieces, by their texts. */
  PieceTrie trie() {
    return pieces.trie();
  }

  /** A text may become this piece, other than for want of one. */
  boolean isInTexts(int id) {
    return kinds[id] == Kind.TEXT && id != unkId;
  }

  /** Characters that no piece has become bytes, not the unknown piece. */
  boolean byteFallback() {
    return byteIds.length > 0;
  }

  /** The ids of the special pieces. */
  public Map<String, Integer> specialIds() {
    return Collections.unmodifiableMap(specialIds);
  }

  /** The id of the piece for a byte, 0 to 255, where {@link #byteFallback()} holds. */
  int byteId(int value) {
    return byteIds[value];
  }

  /** The byte, 0 to 255, that a piece of kind {@link Kind#BYTE} stands for. */
  public int byteValue(int id) {
    return Integer.parseInt(pieces.text(id), 3, 5, 16);
  }

  /** What an id adds to a text, in UTF-8. */
  public byte[] bytes(int id) {
    return switch (kind(id)) {
      case TEXT -> piece(id).replace(TextNormalizer.WORD_BOUNDARY, ' ').getBytes(UTF_8);
      case BYTE -> new byte[] {(byte) byteValue(id)};
      case SPECIAL, CONTROL -> new byte[0];
    };
  }

  /**
   * The bytes of a text, or where there are no byte pieces its characters.
   *
   * @throws PolyLmException where there is no piece for a character either
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
    if (id == PieceTrie.NONE || kinds[id] != Kind.TEXT) {
      throw new PolyLmException(
          "the vocabulary has neither byte pieces nor a piece for U+%04X".formatted(codePoint));
    }
    return id;
  }

  /** What LlamaTokenizer, having cut the boundary off, no longer finds: it is decoded as it is. */
  public boolean isUnknownAfterBoundary(int id) {
    return unknownAfterBoundary.get(id);
  }

  /**
   * What an id means; one behind the pieces, as a padded model has them, is skipped like a special
   * piece.
   *
   * @throws PolyLmException where there is no such id
   */
  public Kind kind(int id) {
    return checked(id) < kinds.length ? kinds[id] : Kind.SPECIAL;
  }

  /**
   * The text of a piece, empty for an id behind the pieces.
   *
   * @throws PolyLmException where there is no such id
   */
  public String piece(int id) {
    return checked(id) < kinds.length ? pieces.text(id) : "";
  }

  private int checked(int id) {
    if (id < 0 || id >= ids) {
      throw new PolyLmException(
          "id %d is outside the vocabulary, expected 0 to %d".formatted(id, ids - 1));
    }
    return id;
  }
}
