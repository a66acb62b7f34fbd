package dev.polylm.tokenizer;

import dev.polylm.PolyLmException;
import dev.polylm.internal.tokenizer.TextNormalizer;
import dev.polylm.internal.tokenizer.Utf8Assembler;
import dev.polylm.internal.tokenizer.Vocabulary;

/**
 * Ids to text, one id at a time. What {@link #accept} returned is never withdrawn, and all of it
 * joined, with what {@link #finish} returns, is what {@link Tokenizer#decode} gives for the same
 * ids.
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
 * cut). Only bytes that can still become a character are held back, at most three of them, so an id
 * costs the length of its piece, however long the sequence is.
 *
 * <p>Follows {@code LlamaTokenizer.convert_tokens_to_string} of transformers v4.57.6 and {@code
 * SentencePieceProcessor::Decode} of SentencePiece v0.2.0. Not thread-safe. Goes on working when
 * its tokenizer is closed.
 */
public final class StreamingDecoder {
  private final Vocabulary vocabulary;

  /** SentencePiece drops a word boundary before it has written anything. */
  private final boolean dropsLeadingBoundary;

  /** SentencePiece goes on dropping, one boundary a piece, until it has written something. */
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
   * Takes the next id and returns the text that is now certain, perhaps none.
   *
   * @throws PolyLmException where the vocabulary has no such id
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
