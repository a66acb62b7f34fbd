package dev.polylm.export.tokenizer;

import dev.polylm.PolyLmException;
import dev.polylm.export.tokenizer.SentencePieceModel.Piece;
import dev.polylm.export.tokenizer.SentencePieceModel.PieceType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The merges that a SentencePiece BPE model implies: it joins any two neighbours whose text
 * together is a piece, the highest score first ({@code src/bpe_model.cc} of SentencePiece v0.2.0).
 */
final class BpeMerges {
  private BpeMerges() {}

  /** Two neighbours that become one piece. */
  record Merge(String left, String right) {}

  /**
   * All merges, the first to be made first.
   *
   * @param notInTexts pieces that no text becomes, whatever their type
   * @throws PolyLmException where a piece holds a character that is no piece, so that merges can't
   *     reach it
   */
  static List<Merge> of(SentencePieceModel model, Set<String> notInTexts) {
    List<Piece> mergeable = mergeable(model, notInTexts);
    Set<String> known = new HashSet<>(mergeable.size() * 2);
    mergeable.forEach(piece -> known.add(piece.text()));
    List<Merge> merges = new ArrayList<>();
    for (Piece piece : mergeable) {
      String text = piece.text();
      for (int cut = text.offsetByCodePoints(0, 1); cut < text.length(); ) {
        String right = text.substring(cut);
        if (known.contains(right) && known.contains(text.substring(0, cut))) {
          merges.add(new Merge(text.substring(0, cut), right));
        }
        cut = text.offsetByCodePoints(cut, 1);
      }
      requireCharacters(text, known);
    }
    return merges;
  }

  /**
   * The pieces that merges yield or join, by falling score; a stable sort keeps ties in id order.
   */
  private static List<Piece> mergeable(SentencePieceModel model, Set<String> notInTexts) {
    return model.pieces().stream()
        .filter(piece -> piece.type() == PieceType.NORMAL && !notInTexts.contains(piece.text()))
        .sorted(Comparator.comparingDouble(Piece::score).reversed())
        .toList();
  }

  private static void requireCharacters(String text, Set<String> known) {
    text.codePoints()
        .mapToObj(Character::toString)
        .filter(character -> !known.contains(character))
        .findFirst()
        .ifPresent(
            character -> {
              throw new PolyLmException(
                  "piece \"%s\" can't be reached by merges: \"%s\" is no piece"
                      .formatted(text, character));
            });
  }
}
