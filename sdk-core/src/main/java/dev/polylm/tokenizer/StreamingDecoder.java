package dev.polylm.tokenizer;

import dev.polylm.PolyLmException;
import dev.polylm.internal.tokenizer.TextNormalizer;
import dev.polylm.internal.tokenizer.Utf8Assembler;
import dev.polylm.internal.tokenizer.Vocabulary;

/**
 * Converts ids to text, one id at a time. The texts of {@link #accept} and {@link #finish}, joined,
 * are the text of {@link Tokenizer#decode} for the same ids. A returned text is never withdrawn.
 *
 * <pre>{@code
 * StreamingDecoder decoder = polyLm.tokenizer().streamingDecoder();
 * for (int id : polyLm.tokenizer().encode("Hello")) {
 *   System.out.print(decoder.accept(id));
 * }
 * System.out.print(decoder.finish());
 * }</pre>
 *
 * <p>Each returned text holds whole characters (Unicode code points; a surrogate pair is never
 * cut). The decoder holds back only bytes that can still become a character, at most three. So the
 * cost of an id depends on the length of its piece, not on the length of the sequence.
 *
 * <p>Follows {@code LlamaTokenizer.convert_tokens_to_string} of transformers v4.57.6 and {@code
 * SentencePieceProcessor::Decode} of SentencePiece v0.2.0. Not thread-safe. It works even after its
 * tokenizer is closed.
 */
public final class StreamingDecoder {
  private final Vocabulary vocabulary;

  /** True if SentencePiece drops a word boundary at the beginning of the text. */
  private final boolean dropsLeadingBoundary;

  /** True if SentencePiece drops one boundary per piece until it has written something. */
  private final boolean dropsAllLeading;

  private final Utf8Assembler bytes = new Utf8Assembler();
  private boolean first = true;
  private boolean atBeginning = true;
  private boolean finished;

  StreamingDecoder(Vocabulary vocabulary, boolean dropsLeadingBoundary, boolean dropsAllLeading) {
    this.vocabulary = vocabulary;
    this.dropsLeadingBoundary = dropsLeadingBoundary;
    this.dropsAllLeading = dropsAllLeading;
  }

  /**
   * Takes the next id and returns the text that is now certain, which may be empty.
   *
   * @throws PolyLmException if the vocabulary has no such id
   * @throws IllegalStateException after {@link #finish}
   */
  public String accept(int id) {
    StringBuilder text = new StringBuilder();
    accept(id, text);
    return text.toString();
  }

  /**
   * Ends the sequence and returns the rest of the text: U+FFFD for each byte that was held back.
   *
   * @throws IllegalStateException when called again
   */
  public String finish() {
    StringBuilder text = new StringBuilder();
    finish(text);
    return text.toString();
  }

  void accept(int id, StringBuilder text) {
    checkNotFinished();
    Vocabulary.Kind kind = vocabulary.kind(id);
    if (kind == Vocabulary.Kind.SPECIAL) {
      return;
    }
    int before = text.length();
    if (kind == Vocabulary.Kind.BYTE) {
      bytes.accept(vocabulary.byteValue(id), text);
    } else {
      bytes.finish(text);
      atBeginning &= text.length() == before;
      if (kind == Vocabulary.Kind.TEXT) {
        appendPiece(id, text);
      }
    }
    first = false;
    atBeginning &= text.length() == before;
  }

  void finish(StringBuilder text) {
    checkNotFinished();
    finished = true;
    bytes.finish(text);
  }

  private void appendPiece(int id, StringBuilder text) {
    String piece = vocabulary.piece(id);
    int start = 0;
    if (first && piece.charAt(0) == TextNormalizer.WORD_BOUNDARY) {
      if (vocabulary.isUnknownAfterBoundary(id)) {
        text.append(piece, 1, piece.length());
        return;
      }
      start = 1;
    }
    if (dropsLeadingBoundary && atBeginning && piece.startsWith("\u2581", start)) {
      start++;
      atBeginning = dropsAllLeading;
    }
    text.append(piece.substring(start).replace(TextNormalizer.WORD_BOUNDARY, ' '));
  }

  private void checkNotFinished() {
    if (finished) {
      throw new IllegalStateException("the decoder has finished; begin another for another text");
    }
  }
}
