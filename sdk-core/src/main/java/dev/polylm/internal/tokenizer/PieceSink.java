package dev.polylm.internal.tokenizer;

/**
 * What a segmenter found, as ids: a known piece is its id; characters that no piece has become
 * their bytes or, where the vocabulary has no byte pieces, all that follow one another one unknown
 * piece ({@code PopulateSentencePieceText} in SentencePiece v0.2.0, {@code
 * src/sentencepiece_processor.cc}).
 */
final class PieceSink {
  private final Vocabulary vocabulary;
  private final IdList ids;
  private boolean afterUnknown;

  PieceSink(Vocabulary vocabulary, IdList ids) {
    this.vocabulary = vocabulary;
    this.ids = ids;
  }

  void piece(int id) {
    ids.add(id);
    afterUnknown = false;
  }

  void unknown(char[] text, int start, int end) {
    if (vocabulary.byteFallback()) {
      for (int position = start; position < end; ) {
        int codePoint = Character.codePointAt(text, position, end);
        bytes(codePoint);
        position += Character.charCount(codePoint);
      }
    } else if (!afterUnknown) {
      ids.add(vocabulary.unkId());
      afterUnknown = true;
    }
  }

  private void bytes(int codePoint) {
    if (codePoint < 0x80) {
      ids.add(vocabulary.byteId(codePoint));
      return;
    }
    int trailing = codePoint < 0x800 ? 1 : codePoint < 0x10000 ? 2 : 3;
    int lead = (0xFF00 >> (trailing + 1)) & 0xFF; // as many ones as there are bytes
    ids.add(vocabulary.byteId(lead | (codePoint >> (6 * trailing))));
    for (int i = trailing - 1; i >= 0; i--) {
      ids.add(vocabulary.byteId(0x80 | ((codePoint >> (6 * i)) & 0x3F)));
    }
  }
}
