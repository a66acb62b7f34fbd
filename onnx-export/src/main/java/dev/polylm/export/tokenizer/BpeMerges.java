package dev.polylm.export.tokenizer;

import dev.polylm.PolyLmException;
import dev.polylm.export.tokenizer.SentencePieceModel.Piece;
import dev.polylm.export.tokenizer.SentencePieceModel.PieceType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The merges that a SentencePiece BPE model implies: it joins any two neighbours whose text
 * together is a piece, the highest score first ({@code src/bpe_model.cc} of SentencePiece v0.2.0).
 */
final class BpeMerges {
  /** Bounds the heap: some 30 bytes each. A vocabulary of 256,000 pieces implies about 600,000. */
  private static final int MAX_MERGES = 3_000_000;

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
    // Merges name the pieces' own texts: their parts would take a hundred bytes each.
    Map<String, String> known = new HashMap<>(mergeable.size() * 2);
    mergeable.forEach(piece -> known.put(piece.text(), piece.text()));
    List<Merge> merges = new ArrayList<>();
    for (Piece piece : mergeable) {
      String text = piece.text();
      for (int cut = text.offsetByCodePoints(0, 1); cut < text.length(); ) {
        String right = known.get(text.substring(cut));
        String left = right == null ? null : known.get(text.substring(0, cut));
        if (right != null && left != null) {
          add(new Merge(left, right), merges);
        }
        cut = text.offsetByCodePoints(cut, 1);
      }
      requireCharacters(text, known.keySet());
    }
    return merges;
  }

  private static void add(Merge merge, List<Merge> merges) {
    if (merges.size() == MAX_MERGES) {
      throw new PolyLmException(
          "tokenizer.model: implies more than %d merges".formatted(MAX_MERGES));
    }
    merges.add(merge);
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
