package dev.polylm.tokenizer;

import dev.polylm.model.TokenizerFacts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * {@code LlamaTokenizer.tokenize} of transformers v4.57.6 ({@code
 * models/llama/tokenization_llama.py}) without its class hierarchy: where a text is cut at special
 * tokens and added words, and where the dummy prefix goes. Thread-safe.
 */
final class LlamaEncoder {
  private static final String BOUNDARY = String.valueOf(TextNormalizer.WORD_BOUNDARY);

  private final PieceEncoder pieces;
  private final Vocabulary vocabulary;
  private final SymbolMatcher special;
  private final SymbolMatcher words;
  private final boolean legacy;

  /** No dummy prefix goes before a space: Metaspace of tokenizers 0.23. */
  private final boolean metaspace;

  /** Put before a part that begins with a space but has no dummy prefix, then cut off again. */
  private final String guard;

  private final int guardLength;

  /**
   * @param words ids of added words that are not special: cut out of every text, trusted or not
   * @param facts their {@code unkToken} is the guard, which keeps SentencePiece from treating the
   *     beginning of a part as the beginning of a text
   */
  LlamaEncoder(
      PieceEncoder pieces,
      Vocabulary vocabulary,
      Map<String, Integer> words,
      TokenizerFacts facts) {
    this.pieces = pieces;
    this.vocabulary = vocabulary;
    this.special = new SymbolMatcher(vocabulary.specialIds());
    this.words = new SymbolMatcher(words);
    this.legacy = facts.legacy();
    this.metaspace = facts.metaspace();
    this.guard = facts.unkToken();
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
      boolean dummyPrefix = legacy && !(goesOn && i == 0) && takesPrefix(segment.text());
      int[] encoded =
          segment.id() < 0 ? encodePart(segment.text(), dummyPrefix) : new int[] {segment.id()};
      boolean mayBeAlone = !legacy && !goesOn && i == 0 && segments.size() > 1;
      if (!mayBeAlone || !isPrefixAlone(segment, encoded)) {
        Arrays.stream(encoded).forEach(ids);
      }
    }
    return ids.build().toArray();
  }

  /**
   * What is encoded by itself.
   *
   * @param id of a special token or an added word; -1 for plain text, which may be spelled as a
   *     special token is
   */
  private record Segment(String text, int id) {}

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

  private void addPlain(StringBuilder plain, List<Segment> segments) {
    for (String text : words.split(plain.toString())) {
      segments.add(new Segment(text, words.idOf(text)));
    }
    plain.setLength(0);
  }

  private String prepared(String text, boolean first) {
    String repaired = wellFormed(text);
    if (legacy) {
      return repaired;
    }
    boolean prefixed = first && takesPrefix(repaired);
    return (prefixed ? BOUNDARY : "") + repaired.replace(TextNormalizer.WORD_BOUNDARY, ' ');
  }

  private boolean takesPrefix(String text) {
    return !metaspace || !beginsWithSpace(text);
  }

  private static boolean beginsWithSpace(String text) {
    return text.startsWith(BOUNDARY) || text.startsWith(" ");
  }

  private int[] encodePart(String part, boolean dummyPrefix) {
    if (dummyPrefix || metaspace || !beginsWithSpace(part)) {
      return pieces.encode(part, dummyPrefix);
    }
    int[] ids = pieces.encode(guard + part, false);
    return ids.length < guardLength ? ids : Arrays.copyOfRange(ids, guardLength, ids.length);
  }

  /** No text is left before a special token but the prefix that was put there. */
  private boolean isPrefixAlone(Segment segment, int[] ids) {
    return metaspace
        ? segment.text().equals(BOUNDARY)
        : ids.length == 1 && vocabulary.piece(ids[0]).equals(BOUNDARY);
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
