package dev.polylm.internal.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.ibm.icu.text.BreakIterator;
import com.ibm.icu.util.ULocale;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Oracle: ICU4J 77.1's character instance, which has Unicode 16's data. */
class GraphemeStreamTest {
  static final List<String> LANGUAGES = Texts.LANGUAGES;

  @ParameterizedTest
  @FieldSource("LANGUAGES")
  void cutsEveryLanguageWhereUnicodeDoes(String text) {
    assertThat(clusters(text)).isEqualTo(icuClusters(text));
  }

  @Test
  void cutsEmojiWhereUnicodeDoes() {
    assertThat(clusters(Texts.EMOJI))
        .isEqualTo(icuClusters(Texts.EMOJI))
        .startsWith("👨‍👩‍👧‍👦", "👍🏽", "🇩🇪", "🇫🇷", "🇩", "❤️‍🔥");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "\r",
        "\n",
        "\u0301",
        "\u0903",
        "\u200D",
        "\u0600",
        "\u0E33",
        "\u0915",
        "\u0915\u094D",
        "\u1100",
        "\u1161",
        "\u11A8",
        "\uAC00",
        "\uAC01",
        "👩",
        "👩\u200D",
        "🇩",
        "🇩🇪"
      })
  void noCodePointIsTornFromItsNeighbour(String neighbour) {
    StringBuilder text = new StringBuilder();
    IntStream.concat(IntStream.range(0, 0x32000), IntStream.range(0xE0000, 0xE1000))
        .filter(codePoint -> Character.getType(codePoint) != Character.SURROGATE)
        .forEach(codePoint -> text.append(neighbour).appendCodePoint(codePoint));
    assertNotTorn(text.toString());
  }

  @Test
  void noSequenceIsTorn() {
    Random random = new Random(20_230_712);
    int[] codePoints =
        (Texts.all() + "क्षि\u0D4E\u09CD\u09B7\u1039\u1000\u200D\u200C\u00AD")
            .codePoints()
            .toArray();
    StringBuilder text = new StringBuilder();
    random.ints(200_000, 0, codePoints.length).forEach(i -> text.appendCodePoint(codePoints[i]));
    assertNotTorn(text.toString());
  }

  private static void assertNotTorn(String text) {
    BitSet torn = ends(clusters(text));
    torn.andNot(ends(icuClusters(text)));
    assertThat(torn.isEmpty()).as("torn at %s", torn).isTrue();
  }

  @Test
  void releasesTheSameHoweverTheTextIsCut() {
    String text = Texts.all();
    StringBuilder expected = new StringBuilder();
    List<Integer> released = new ArrayList<>();
    GraphemeStream byOne = new GraphemeStream();
    text.codePoints()
        .forEach(
            codePoint -> {
              expected.append(byOne.accept(Character.toString(codePoint)));
              for (int i = 0; i < Character.charCount(codePoint); i++) {
                released.add(expected.length());
              }
            });
    for (int seed = 0; seed < 300; seed++) {
      GraphemeStream stream = new GraphemeStream();
      StringBuilder seen = new StringBuilder();
      int read = 0;
      for (String piece : Texts.pieces(text, new Random(seed))) {
        seen.append(stream.accept(piece));
        read += piece.length();
        assertThat(seen.length()).isEqualTo(released.get(read - 1));
      }
      assertThat(seen.append(stream.finish())).hasToString(text);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"e", "\r", "🇩", "ᄒ", "ก", "👩‍", "\u0378"})
  void holdsTheLastClusterBack(String text) {
    GraphemeStream stream = new GraphemeStream();
    assertThat(stream.accept(text)).isEmpty();
    assertThat(stream.accept("\n")).isEqualTo(text + "\n");
  }

  @Test
  void releasesALineBreakAtOnce() {
    GraphemeStream stream = new GraphemeStream();
    assertThat(stream.accept("a\n")).isEqualTo("a\n");
    assertThat(stream.accept("\u0301")).isEmpty();
    assertThat(stream.finish()).isEqualTo("\u0301");
    assertThat(stream.finish()).isEmpty();
  }

  @Test
  void holdsNoMoreThan64CodePointsOfAClusterWithoutEnd() {
    GraphemeStream stream = new GraphemeStream();
    assertThat(stream.accept("e" + "\u0301".repeat(62))).isEmpty();
    assertThat(stream.accept("\u0301")).isEqualTo("e" + "\u0301".repeat(63));
    assertThat(stream.accept("\u0301".repeat(1000))).hasSize(1000 / 64 * 64);
    assertThat(stream.accept("x")).hasSize(1000 % 64);
    assertThat(stream.finish()).isEqualTo("x");
  }

  private static List<String> clusters(String text) {
    GraphemeRules rules = new GraphemeRules();
    List<String> clusters = new ArrayList<>();
    int start = 0;
    int position = 0;
    for (int codePoint : text.codePoints().toArray()) {
      if (!rules.joins(codePoint) && position > 0) {
        clusters.add(text.substring(start, position));
        start = position;
      }
      position += Character.charCount(codePoint);
    }
    clusters.add(text.substring(start));
    return clusters;
  }

  private static List<String> icuClusters(String text) {
    BreakIterator iterator = BreakIterator.getCharacterInstance(ULocale.ROOT);
    iterator.setText(text);
    List<String> clusters = new ArrayList<>();
    int start = 0;
    for (int end = iterator.next(); end != BreakIterator.DONE; end = iterator.next()) {
      clusters.add(text.substring(start, end));
      start = end;
    }
    return clusters;
  }

  private static BitSet ends(List<String> clusters) {
    BitSet ends = new BitSet();
    int end = 0;
    for (String cluster : clusters) {
      end += cluster.length();
      ends.set(end);
    }
    return ends;
  }
}
