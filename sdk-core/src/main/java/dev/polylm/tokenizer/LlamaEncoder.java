package dev.polylm.tokenizer;

import java.util.ArrayList;
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

  /** Put before a part that begins with a space but has no dummy prefix, then cut off again. */
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
   * @param goesOn the parts go on a text, so that no dummy prefix is put before them
   */
  int[] encode(List<TextPart> parts, boolean goesOn) {
    List<Segment> segments = segments(parts, goesOn);
    IntStream.Builder ids = IntStream.builder();
    for (int i = 0; i < segments.size(); i++) {
      Segment segment = segments.get(i);
      boolean dummyPrefix = legacy && !(goesOn && i == 0);
      int[] encoded =
          segment.specialId() < 0
              ? encodePart(segment.text(), dummyPrefix)
              : new int[] {segment.specialId()};
      boolean prefixAlone =
          !legacy && !goesOn && i == 0 && segments.size() > 1 && isBoundary(encoded);
      if (!prefixAlone) {
        Arrays.stream(encoded).forEach(ids);
      }
    }
    return ids.build().toArray();
  }

  /**
   * What is encoded by itself.
   *
   * @param specialId -1 for plain text, which may be spelled as a special token is
   */
  private record Segment(String text, int specialId) {}

  private List<Segment> segments(List<TextPart> parts, boolean goesOn) {
    List<Segment> segments = new ArrayList<>();
    StringBuilder plain = new StringBuilder();
    boolean first = !goesOn;
    for (TextPart part : parts) {
      if (part.text().isEmpty()) {
        continue;
      }
      String prepared = prepared(part.text(), first);
      first = false;
      for (String text : part.trusted() ? special.split(prepared) : List.of(prepared)) {
        int specialId = part.trusted() ? special.idOf(text) : -1;
        if (specialId < 0) {
          plain.append(text);
        } else {
          addPlain(plain, segments);
          segments.add(new Segment(text, specialId));
        }
      }
    }
    addPlain(plain, segments);
    return segments;
  }

  private static void addPlain(StringBuilder plain, List<Segment> segments) {
    if (!plain.isEmpty()) {
      segments.add(new Segment(plain.toString(), -1));
      plain.setLength(0);
    }
  }

  private String prepared(String text, boolean first) {
    String repaired = wellFormed(text);
    if (legacy) {
      return repaired;
    }
    return (first ? BOUNDARY : "") + repaired.replace(TextNormalizer.WORD_BOUNDARY, ' ');
  }

  private int[] encodePart(String part, boolean dummyPrefix) {
    boolean guarded = part.startsWith(BOUNDARY) || part.startsWith(" ");
    if (dummyPrefix || !guarded) {
      return pieces.encode(part, dummyPrefix);
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
