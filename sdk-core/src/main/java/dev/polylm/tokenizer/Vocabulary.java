package dev.polylm.tokenizer;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.polylm.PolyLmException;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** The pieces by id, and what kind each is. Immutable. */
final class Vocabulary {
  /** What a piece means in a text and in a sequence of ids. */
  enum Kind {
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

  private final List<String> pieces;
  private final Kind[] kinds;
  private final Map<String, Integer> specialIds = new HashMap<>();
  private final int[] byteIds = new int[BYTES];
  private final boolean byteFallback;
  private final int unkId;
  private final BitSet unknownAfterBoundary;

  /**
   * @param kinds what each piece is, by id
   * @param unkId the id of the piece that stands for what no other piece has
   */
  Vocabulary(List<String> pieces, Kind[] kinds, int unkId, boolean byteFallback) {
    this.pieces = List.copyOf(pieces);
    this.kinds = kinds.clone();
    this.unkId = unkId;
    this.byteFallback = byteFallback;
    for (int id = 0; id < this.kinds.length; id++) {
      if (this.kinds[id] == Kind.SPECIAL) {
        specialIds.put(this.pieces.get(id), id);
      } else if (this.kinds[id] == Kind.BYTE) {
        byteIds[byteValue(id)] = id;
      }
    }
    this.unknownAfterBoundary = unknownAfterBoundary(this.pieces);
  }

  /**
   * Pieces that begin with a word boundary and are, without it, no piece but still hold a boundary.
   */
  private static BitSet unknownAfterBoundary(List<String> pieces) {
    BitSet ids = new BitSet();
    Set<String> known = new HashSet<>(pieces);
    for (int id = 0; id < pieces.size(); id++) {
      String piece = pieces.get(id);
      if (piece.charAt(0) == TextNormalizer.WORD_BOUNDARY
          && piece.indexOf(TextNormalizer.WORD_BOUNDARY, 1) > 0
          && !known.contains(piece.substring(1))) {
        ids.set(id);
      }
    }
    return ids;
  }

  int size() {
    return kinds.length;
  }

  int unkId() {
    return unkId;
  }

  /** Characters that no piece has become bytes, not the unknown piece. */
  boolean byteFallback() {
    return byteFallback;
  }

  /** The ids of the special pieces. */
  Map<String, Integer> specialIds() {
    return Collections.unmodifiableMap(specialIds);
  }

  /** The id of the piece for a byte, 0 to 255, where {@link #byteFallback()} holds. */
  int byteId(int value) {
    return byteIds[value];
  }

  /** The byte, 0 to 255, that a piece of kind {@link Kind#BYTE} stands for. */
  int byteValue(int id) {
    return Integer.parseInt(pieces.get(id), 3, 5, 16);
  }

  /** What an id adds to a text, in UTF-8. */
  byte[] bytes(int id) {
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
  int[] smallestPieces(String text) {
    if (!byteFallback) {
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
    int id = pieces.indexOf(Character.toString(codePoint));
    if (id < 0 || kinds[id] != Kind.TEXT) {
      throw new PolyLmException(
          "the vocabulary has neither byte pieces nor a piece for U+%04X".formatted(codePoint));
    }
    return id;
  }

  /** What LlamaTokenizer, having cut the boundary off, no longer finds: it is decoded as it is. */
  boolean isUnknownAfterBoundary(int id) {
    return unknownAfterBoundary.get(id);
  }

  /**
   * @throws PolyLmException where there is no such id
   */
  Kind kind(int id) {
    return kinds[checked(id)];
  }

  /**
   * @throws PolyLmException where there is no such id
   */
  String piece(int id) {
    return pieces.get(checked(id));
  }

  private int checked(int id) {
    if (id < 0 || id >= kinds.length) {
      throw new PolyLmException(
          "id %d is outside the vocabulary, expected 0 to %d".formatted(id, kinds.length - 1));
    }
    return id;
  }
}
