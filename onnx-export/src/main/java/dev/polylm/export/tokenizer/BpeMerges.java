package dev.polylm.export.tokenizer;

import dev.polylm.PolyLmException;
import dev.polylm.export.tokenizer.SentencePieceModel.Piece;
import dev.polylm.export.tokenizer.SentencePieceModel.PieceType;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The merges that a SentencePiece BPE model implies. It joins any two neighbours whose joined text
 * is a piece, the highest score first ({@code src/bpe_model.cc} of SentencePiece v0.2.0).
 */
final class BpeMerges {
  /**
   * Limits the heap; a merge takes some 30 bytes. A vocabulary of 256,000 pieces implies about
   * 600,000.
   */
  private static final int MAX_MERGES = 3_000_000;

  private BpeMerges() {}

  /** Two neighbours that become one piece. */
  record Merge(String left, String right) {}

  /**
   * Returns all merges, in the order in which they are made.
   *
   * @param notInTexts pieces that no text is encoded to, whatever their type
   * @throws PolyLmException if a piece holds a character that is not a piece, so that merges can't
   *     reach it
   */
  static List<Merge> of(SentencePieceModel model, Set<String> notInTexts) {
    List<Piece> mergeable = mergeable(model, notInTexts);
    Map<String, String> known = new HashMap<>(mergeable.size() * 2); // each text is there once
    BitSet characters = new BitSet();
    for (Piece piece : mergeable) {
      String text = piece.text();
      known.put(text, text);
      if (text.length() == Character.charCount(text.codePointAt(0))) {
        characters.set(text.codePointAt(0));
      }
    }
    List<Merge> merges = new ArrayList<>();
    for (Piece piece : mergeable) {
      addMerges(piece.text(), known, merges);
      requireCharacters(piece.text(), characters);
    }
    return merges;
  }

  private static void addMerges(String text, Map<String, String> known, List<Merge> merges) {
    int end = text.length();
    for (int cut = text.offsetByCodePoints(0, 1); cut < end; cut = next(text, cut)) {
      String right = known.get(text.substring(cut));
      String left = right == null ? null : known.get(text.substring(0, cut));
      if (left != null && right != null) {
        add(new Merge(left, right), merges);
      }
    }
  }

  private static int next(String text, int position) {
    return position + Character.charCount(text.codePointAt(position));
  }

  private static void add(Merge merge, List<Merge> merges) {
    if (merges.size() == MAX_MERGES) {
      throw new PolyLmException(
          "tokenizer.model: implies more than %s merges".formatted(MAX_MERGES));
    }
    merges.add(merge);
  }

  /**
   * Returns the pieces that merges yield or join, by falling score; a stable sort keeps ties in id
   * order.
   */
  private static List<Piece> mergeable(SentencePieceModel model, Set<String> notInTexts) {
    return model.pieces().stream()
        .filter(piece -> piece.type() == PieceType.NORMAL && !notInTexts.contains(piece.text()))
        .sorted(Comparator.comparingDouble(Piece::score).reversed())
        .toList();
  }

  private static void requireCharacters(String text, BitSet known) {
    for (int position = 0; position < text.length(); position = next(text, position)) {
      if (!known.get(text.codePointAt(position))) {
        throw new PolyLmException(
            "piece \"%s\" can't be reached by merges: \"%s\" is not a piece"
                .formatted(text, Character.toString(text.codePointAt(position))));
      }
    }
  }
}
