package dev.polylm.internal.tokenizer;

/** {@code SentencePieceProcessor::Encode}: a text without special tokens to ids. Thread-safe. */
final class PieceEncoder {
  private final Vocabulary vocabulary;
  private final TextNormalizer normalizer;
  private final SymbolMatcher userDefined;
  private final Segmenter segmenter;

  /**
   * @param userDefined symbols that a normalized text is cut at
   */
  PieceEncoder(
      Vocabulary vocabulary,
      TextNormalizer normalizer,
      SymbolMatcher userDefined,
      Segmenter segmenter) {
    this.vocabulary = vocabulary;
    this.normalizer = normalizer;
    this.userDefined = userDefined;
    this.segmenter = segmenter;
  }

  /**
   * Appends the ids of a text.
   *
   * @param text well-formed UTF-16
   * @param dummyPrefix the text is treated as if a space were before it
   */
  void encode(String text, boolean dummyPrefix, IdList ids) {
    CharList normalized = normalizer.normalize(text, dummyPrefix);
    int length = normalized.length();
    PieceSink pieces = new PieceSink(vocabulary, ids);
    int start = 0;
    while (start < length) {
      int end = userDefined.next(normalized, start);
      if (end > start) {
        segmenter.segment(normalized.array(), start, end, pieces);
      }
      int symbol = end < length ? userDefined.lengthAt(normalized, end) : 0;
      if (symbol > 0) {
        pieces.piece(userDefined.idOf(normalized, end, symbol));
      }
      start = end + symbol;
    }
  }
}
