package dev.polylm.internal.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Both segmenters over random vocabularies, against the plainest way to do the same. */
class SegmenterTest {
  private static final String[] LETTERS = {"a", "b", "c", "▁", "é", "🙂", "中"};

  @Test
  void bpeMergesTheLowestRankFirstAndTheLeftmostOfThese() {
    Random random = new Random(11);
    for (int round = 0; round < 300; round++) {
      List<String> pieces = vocabulary(random);
      List<String> merged = pieces.subList(1 + LETTERS.length, pieces.size());
      Vocabulary vocabulary = vocabulary(pieces);
      Merges merges = new Merges(pieces.size());
      merged.forEach(piece -> merges.add(pieces.indexOf(piece), piece));
      BpeSegmenter segmenter = new BpeSegmenter(vocabulary, merges);
      for (int i = 0; i < 20; i++) {
        String text = text(random);
        assertThat(pieces(segmenter, vocabulary, text))
            .as("%s of %s", text, merged)
            .isEqualTo(merged(text, merged));
      }
    }
  }

  @Test
  void aMillionCharactersWithoutASpaceAreMerged() {
    List<String> pieces = new ArrayList<>(List.of("<unk>", "a"));
    Merges merges = new Merges(10);
    for (int id = 2; id < 10; id++) {
      pieces.add("a".repeat(1 << (id - 1)));
      merges.add(id, pieces.get(id));
    }
    Vocabulary vocabulary = vocabulary(pieces);

    List<String> found =
        pieces(new BpeSegmenter(vocabulary, merges), vocabulary, "a".repeat(1_000_001));

    assertThat(found.subList(0, 3906)).containsOnly("a".repeat(256));
    assertThat(found.subList(3906, found.size())).containsExactly("a".repeat(64), "a");
  }

  @Test
  void unigramFindsTheLikeliestPieces() {
    Random random = new Random(12);
    for (int round = 0; round < 300; round++) {
      List<String> pieces = vocabulary(random);
      double[] scores =
          IntStream.range(0, pieces.size()).mapToDouble(i -> -1 - random.nextInt(64)).toArray();
      scores[0] = 0;
      Vocabulary vocabulary = vocabulary(pieces);
      UnigramSegmenter segmenter = new UnigramSegmenter(vocabulary, scores);
      for (int i = 0; i < 20; i++) {
        String text = text(random);
        List<String> found = pieces(segmenter, vocabulary, text);
        assertThat(String.join("", found)).isEqualTo(text.replaceAll("[xy]+", "<unk>"));
        assertThat(score(found, pieces, scores, text)).isEqualTo(best(text, pieces, scores));
      }
    }
  }

  @Test
  void ofPathsThatAreAsLikelyTheOneWhoseLastPieceBeginsFirstWins() {
    List<String> pieces = List.of("<unk>", "o", "l", "lo", "ol");
    double[] scores = {0, -2, -9, -3, -3};
    Vocabulary vocabulary = vocabulary(pieces);

    assertThat(pieces(new UnigramSegmenter(vocabulary, scores), vocabulary, "olo"))
        .containsExactly("o", "lo");
  }

  @Test
  void scoresAreAddedIn32Bits() {
    List<String> pieces = List.of("<unk>", "x", "a", "b", "ab");
    Vocabulary vocabulary = vocabulary(pieces);
    double[] scores = {0, -(1 << 24), -0.25, -0.125, -0.5};
    UnigramSegmenter segmenter = new UnigramSegmenter(vocabulary, scores);

    // At 16,777,216 neighbouring floats differ by 1 at least: both paths are as likely behind x.
    assertThat(pieces(segmenter, vocabulary, "ab")).containsExactly("a", "b");
    assertThat(pieces(segmenter, vocabulary, "xab")).containsExactly("x", "ab");
  }

  @Test
  void piecesThatAreNoPartOfTextsAreNotFound() {
    List<String> pieces = List.of("<unk>", "a", "b", "ab");
    PieceTable table = table(pieces);
    Vocabulary vocabulary =
        new Vocabulary(table, Map.of(3, Vocabulary.Kind.SPECIAL), 0, false, pieces.size());
    double[] scores = {0, -5, -5, -1};

    assertThat(pieces(new UnigramSegmenter(vocabulary, scores), vocabulary, "ab<unk>"))
        .containsExactly("a", "b", "<unk>");
    assertThat(pieces(new BpeSegmenter(vocabulary, new Merges(4)), vocabulary, "ab"))
        .containsExactly("a", "b");
  }

  private static List<String> vocabulary(Random random) {
    List<String> pieces = new ArrayList<>(List.of("<unk>"));
    pieces.addAll(List.of(LETTERS));
    for (int i = 0; i < 12; i++) {
      String left = pieces.get(1 + random.nextInt(pieces.size() - 1));
      String piece = left + pieces.get(1 + random.nextInt(pieces.size() - 1));
      if (!pieces.contains(piece)) {
        pieces.add(piece);
      }
    }
    return pieces;
  }

  /** Letters, of which x and y are unknown. */
  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    int length = random.nextInt(24);
    int letters = 1 + random.nextInt(LETTERS.length);
    for (int i = 0; i < length; i++) {
      int letter = random.nextInt(letters + 1);
      text.append(letter < letters ? LETTERS[letter] : i % 2 == 0 ? "x" : "y");
    }
    return text.toString();
  }

  private static PieceTable table(List<String> pieces) {
    PieceTable table = new PieceTable();
    IntStream.range(0, pieces.size()).forEach(id -> table.add(pieces.get(id), id));
    table.arrange();
    return table;
  }

  private static Vocabulary vocabulary(List<String> pieces) {
    return new Vocabulary(table(pieces), Map.of(), 0, false, pieces.size());
  }

  private static List<String> pieces(Segmenter segmenter, Vocabulary vocabulary, String text) {
    IdList ids = new IdList();
    segmenter.segment(text.toCharArray(), 0, text.length(), new PieceSink(vocabulary, ids));
    return IntStream.of(ids.toArray()).mapToObj(vocabulary::piece).toList();
  }

  /** Looks at all neighbours again for each merge. */
  private static List<String> merged(String text, List<String> ranked) {
    List<String> symbols =
        new ArrayList<>(text.codePoints().mapToObj(Character::toString).toList());
    for (int left = first(symbols, ranked); left >= 0; left = first(symbols, ranked)) {
      symbols.set(left, symbols.get(left) + symbols.remove(left + 1));
    }
    List<String> known = new ArrayList<>();
    for (String symbol : symbols) {
      boolean unknown = "xy".contains(symbol);
      if (!unknown || known.isEmpty() || !known.get(known.size() - 1).equals("<unk>")) {
        known.add(unknown ? "<unk>" : symbol);
      }
    }
    return known;
  }

  private static int first(List<String> symbols, List<String> ranked) {
    int best = -1;
    int bestRank = Integer.MAX_VALUE;
    for (int i = 0; i + 1 < symbols.size(); i++) {
      int rank = ranked.indexOf(symbols.get(i) + symbols.get(i + 1));
      if (rank >= 0 && rank < bestRank) {
        best = i;
        bestRank = rank;
      }
    }
    return best;
  }

  private static double score(
      List<String> found, List<String> pieces, double[] scores, String text) {
    double unknown = IntStream.range(0, scores.length).mapToDouble(i -> scores[i]).min().orElse(0);
    long unknowns = text.chars().filter(c -> c == 'x' || c == 'y').count();
    return found.stream()
            .filter(piece -> !piece.equals("<unk>"))
            .mapToDouble(piece -> scores[pieces.indexOf(piece)])
            .sum()
        + unknowns * (unknown - 10);
  }

  /** The best sum for each beginning of the text, from the best of the shorter ones. */
  private static double best(String text, List<String> pieces, double[] scores) {
    double unknown = IntStream.range(0, scores.length).mapToDouble(i -> scores[i]).min().orElse(0);
    double[] best = new double[text.length() + 1];
    for (int end = 1; end <= text.length(); end++) {
      best[end] = Double.NEGATIVE_INFINITY;
      for (int start = 0; start < end; start++) {
        String piece = text.substring(start, end);
        int id = pieces.indexOf(piece);
        double score = id > 0 ? scores[id] : piece.matches("[xy]") ? unknown - 10 : -1e9;
        best[end] = Math.max(best[end], best[start] + score);
      }
    }
    return best[text.length()];
  }
}
