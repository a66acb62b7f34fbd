package dev.polylm.internal.tokenizer;

/**
 * Byte pair encoding as SentencePiece does it ({@code Model::SampleEncode} in v0.2.0, {@code
 * src/bpe_model.cc}): of all neighbours whose joined text is a piece, those with the lowest rank
 * are joined first, and of these the leftmost.
 */
final class BpeSegmenter implements Segmenter {
  private final Vocabulary vocabulary;
  private final Merges merges;

  BpeSegmenter(Vocabulary vocabulary, Merges merges) {
    this.vocabulary = vocabulary;
    this.merges = merges;
  }

  @Override
  public void segment(char[] text, int start, int end, PieceSink pieces) {
    Joints joints = merges.joints();
    BpeSymbols symbols = new BpeSymbols(vocabulary.trie(), merges, text);
    int from = start;
    for (int position = start + 1; position < end; position++) {
      boolean withinCharacter = Character.isLowSurrogate(text[position]);
      if (!withinCharacter && !joints.mayJoin(text[position - 1], text[position])) {
        segmentWord(symbols, from, position, pieces);
        from = position;
      }
    }
    if (from < end) {
      segmentWord(symbols, from, end, pieces);
    }
  }

  private void segmentWord(BpeSymbols symbols, int start, int end, PieceSink pieces) {
    symbols.merge(start, end);
    for (int symbol = 0; symbol >= 0; symbol = symbols.next(symbol)) {
      int id = symbols.id(symbol);
      if (id != TextTrie.NONE && vocabulary.isInTexts(id)) {
        pieces.piece(id);
      } else {
        pieces.unknown(symbols.text(), symbols.start(symbol), symbols.end(symbol));
      }
    }
  }
}
