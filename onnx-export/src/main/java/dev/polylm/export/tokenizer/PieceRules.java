package dev.polylm.export.tokenizer;

import dev.polylm.PolyLmException;
import dev.polylm.export.tokenizer.SentencePieceModel.Piece;
import dev.polylm.export.tokenizer.SentencePieceModel.PieceType;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Checks a model's pieces by SentencePiece's rules ({@code ModelInterface::InitializePieces}), and
 * more.
 */
final class PieceRules {
  /**
   * Keeps the search for merges short, since its time grows with the square of this.
   * SentencePiece's default is 16.
   */
  private static final int MAX_PIECE_CHARS = 256;

  private static final int BYTES = 256;
  private static final Pattern BYTE_PIECE = Pattern.compile("<0x[0-9A-F]{2}>");

  private PieceRules() {}

  /**
   * @throws PolyLmException if a piece breaks a rule
   */
  static void check(SentencePieceModel model) {
    Set<String> texts = new HashSet<>();
    List<Piece> pieces = model.pieces();
    for (int id = 0; id < pieces.size(); id++) {
      checkOne(id, pieces.get(id), model.bpe());
      if (!texts.add(pieces.get(id).text())) {
        throw new PolyLmException(
            "piece %s, \"%s\", occurs twice".formatted(id, pieces.get(id).text()));
      }
    }
    expect(1, count(pieces, PieceType.UNKNOWN), "pieces of type unknown");
    expect(model.byteFallback() ? BYTES : 0, count(pieces, PieceType.BYTE), "pieces of type byte");
  }

  /**
   * Checks the text of a piece, before many of them are kept.
   *
   * @throws PolyLmException if it is empty or long
   */
  static void checkLength(int id, String text) {
    if (text.isEmpty() || text.length() > MAX_PIECE_CHARS) {
      throw new PolyLmException(
          "piece %s has %s characters, expected 1 to %s"
              .formatted(id, text.length(), MAX_PIECE_CHARS));
    }
  }

  private static void checkOne(int id, Piece piece, boolean bpe) {
    if (!Float.isFinite(piece.score())) {
      throw new PolyLmException(
          "piece %s has the score %s, expected a number".formatted(id, piece.score()));
    }
    if (!bpe && piece.type() == PieceType.NORMAL && piece.score() > 0) {
      throw new PolyLmException(
          "piece %s has the score %s, expected a log probability, 0 or less"
              .formatted(id, piece.score()));
    }
    if (piece.type() == PieceType.BYTE && !BYTE_PIECE.matcher(piece.text()).matches()) {
      throw new PolyLmException(
          "piece %s, of type byte, is \"%s\", expected <0x00> to <0xFF>"
              .formatted(id, piece.text()));
    }
  }

  private static long count(List<Piece> pieces, PieceType type) {
    return pieces.stream().filter(piece -> piece.type() == type).count();
  }

  private static void expect(long expected, long found, String what) {
    if (found != expected) {
      throw new PolyLmException("has %s %s, expected %s".formatted(found, what, expected));
    }
  }
}
