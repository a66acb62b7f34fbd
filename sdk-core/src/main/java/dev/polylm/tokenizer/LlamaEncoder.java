package dev.polylm.tokenizer;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * {@code LlamaTokenizer.tokenize} of transformers v4.57.6 ({@code
 * models/llama/tokenization_llama.py}) without its class hierarchy: where a text is cut at special
 * tokens and where the dummy prefix goes. Thread-safe.
 */
final class LlamaEncoder {
  private static final String BOUNDARY = String.valueOf(TextNormalizer.WORD_BOUNDARY);

  private final PieceEncoder pieces;
  private final Vocabulary vocabulary;
  private final SymbolMatcher special;
  private final boolean legacy;

  /** Not legacy: put before a part that begins with a space, then cut off again. */
  private final String guard;

  private final int guardLength;

  /**
   * @param guard LlamaTokenizer's {@code unk_token}, which here keeps SentencePiece from treating
   *     the beginning of a part as the beginning of a text
   */
  LlamaEncoder(PieceEncoder pieces, Vocabulary vocabulary, boolean legacy, String guard) {
    this.pieces = pieces;
    this.vocabulary = vocabulary;
    this.special = new SymbolMatcher(vocabulary.specialIds());
    this.legacy = legacy;
    this.guard = guard;
    this.guardLength = pieces.encode(guard, false).length;
  }

  /**
   * @param trusted special tokens in the text are parsed
   */
  int[] encode(String text, boolean trusted) {
    if (text.isEmpty()) {
      return new int[0];
    }
    String prepared = wellFormed(text);
    if (!legacy) {
      prepared = BOUNDARY + prepared.replace(TextNormalizer.WORD_BOUNDARY, ' ');
    }
    List<String> parts = trusted ? special.split(prepared) : List.of(prepared);
    IntStream.Builder ids = IntStream.builder();
    for (int i = 0; i < parts.size(); i++) {
      int specialId = trusted ? special.idOf(parts.get(i)) : -1;
      int[] encoded = specialId < 0 ? encodePart(parts.get(i)) : new int[] {specialId};
      boolean prefixAlone = !legacy && i == 0 && parts.size() > 1 && isBoundary(encoded);
      if (!prefixAlone) {
        Arrays.stream(encoded).forEach(ids);
      }
    }
    return ids.build().toArray();
  }

  private int[] encodePart(String part) {
    boolean guarded = part.startsWith(BOUNDARY) || part.startsWith(" ");
    if (legacy || !guarded) {
      return pieces.encode(part, legacy);
    }
    int[] ids = pieces.encode(guard + part, false);
    return ids.length < guardLength ? ids : Arrays.copyOfRange(ids, guardLength, ids.length);
  }

  private boolean isBoundary(int[] ids) {
    return ids.length == 1 && vocabulary.piece(ids[0]).equals(BOUNDARY);
  }

  /** Half of a surrogate pair is no character: like any malformed input it becomes U+FFFD. */
  private static String wellFormed(String text) {
    StringBuilder repaired = new StringBuilder(text.length());
    text.codePoints()
        .map(codePoint -> Character.getType(codePoint) == Character.SURROGATE ? 0xFFFD : codePoint)
        .forEach(repaired::appendCodePoint);
    return repaired.toString();
  }
}
