package dev.polylm.export.tokenizer;

import dev.polylm.PolyLmException;
import dev.polylm.export.tokenizer.BpeMerges.Merge;
import dev.polylm.export.tokenizer.SentencePieceModel.Piece;
import dev.polylm.export.tokenizer.SentencePieceModel.PieceType;
import dev.polylm.internal.untrusted.Quoted;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Compares a tokenizer.json with the tokenizer.model beside it. */
final class TokenizerComparison {
  private static final float SCORE_TOLERANCE = 1e-5f;

  private final TokenizerFile file;
  private final SentencePieceModel model;

  private TokenizerComparison(TokenizerFile file, SentencePieceModel model) {
    this.file = file;
    this.model = model;
  }

  /**
   * Compares everything that decides on ids.
   *
   * @param normalizing whether tokenizer.json, which has no normalizer, is the file that is
   *     converted
   * @throws PolyLmException if the two files don't describe the same tokenizer
   */
  static void check(TokenizerFile file, SentencePieceModel model, boolean normalizing) {
    TokenizerComparison comparison = new TokenizerComparison(file, model);
    try {
      comparison.checkPieces();
      comparison.checkMerges();
      if (normalizing) {
        comparison.checkNormalizer();
      }
    } catch (PolyLmException e) {
      throw new PolyLmException(
          "tokenizer.json was not made from the tokenizer.model beside it: %s; remove the one that does not belong to the checkpoint"
              .formatted(e.getMessage()),
          e);
    }
  }

  private void checkPieces() {
    if (file.model().bpe() != model.bpe()) {
      throw new PolyLmException(
          "its type is %s, that of tokenizer.model is %s"
              .formatted(type(file.model()), type(model)));
    }
    List<Piece> pieces = file.model().pieces();
    for (int id = 0; id < Math.min(pieces.size(), model.pieces().size()); id++) {
      Piece found = pieces.get(id);
      Piece expected = model.pieces().get(id);
      boolean scored = !model.bpe() && expected.type() == PieceType.NORMAL;
      float difference = scored ? Math.abs(found.score() - expected.score()) : 0;
      if (!found.text().equals(expected.text()) || !(difference <= SCORE_TOLERANCE)) {
        throw new PolyLmException(
            "piece %s is %s, that of tokenizer.model is %s"
                .formatted(id, shown(found), shown(expected)));
      }
    }
    if (pieces.size() != model.pieces().size()) {
      throw new PolyLmException(
          "it has %s pieces, tokenizer.model has %s"
              .formatted(pieces.size(), model.pieces().size()));
    }
  }

  private String shown(Piece piece) {
    String text = "\"" + Quoted.of(piece.text()) + "\"";
    return model.bpe() ? text : text + " with score " + piece.score();
  }

  private static String type(SentencePieceModel model) {
    return model.bpe() ? "BPE" : "Unigram";
  }

  /** The order of merges into the same piece differs between versions, and has no effect. */
  private void checkMerges() {
    if (!model.bpe()) {
      return;
    }
    List<Merge> expected = BpeMerges.of(model, Set.of());
    Set<Merge> known = new HashSet<>(expected);
    Set<String> normal = new HashSet<>();
    model.pieces().stream()
        .filter(piece -> piece.type() == PieceType.NORMAL)
        .forEach(piece -> normal.add(piece.text()));
    int at = 0;
    for (Merge merge : file.merges()) {
      if (!known.contains(merge) && isIgnored(merge, normal)) {
        continue;
      }
      if (at == expected.size()
          || !known.contains(merge)
          || !result(merge).equals(result(expected.get(at)))) {
        throw new PolyLmException(
            "its merge to \"%s\" has another rank than in tokenizer.model"
                .formatted(Quoted.of(result(merge))));
      }
      at++;
    }
    if (at < expected.size()) {
      throw new PolyLmException(
          "it lacks the merge to \"%s\"".formatted(Quoted.of(result(expected.get(at)))));
    }
  }

  /** Merges of pieces that occur in no text; transformers writes them too. */
  private static boolean isIgnored(Merge merge, Set<String> normal) {
    return !normal.contains(merge.left())
        || !normal.contains(merge.right())
        || !normal.contains(result(merge));
  }

  private static String result(Merge merge) {
    return merge.left() + merge.right();
  }

  private void checkNormalizer() {
    if (!model.precompiledCharsMap().isEmpty() || model.removeExtraWhitespaces()) {
      throw new PolyLmException(
          "it has no normalizer, tokenizer.model normalizes texts (transformers 5 leaves that out)");
    }
  }
}
