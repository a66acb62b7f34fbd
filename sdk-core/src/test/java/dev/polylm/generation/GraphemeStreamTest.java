package dev.polylm.generation;

import static org.assertj.core.api.Assertions.assertThat;

import com.ibm.icu.text.BreakIterator;
import com.ibm.icu.util.ULocale;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
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

  @Test
  void neverTearsWhatUnicodeKeepsWhole() {
    Random random = new Random(20_230_712);
    int[] hard =
        (Texts.all() + "क्षि\u0D4E\u09CD\u09B7\u1039\u1000\u200D\u200C\u00AD")
            .codePoints()
            .toArray();
    for (int round = 0; round < 20_000; round++) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < 12; i++) {
        boolean any = random.nextInt(3) == 0;
        text.appendCodePoint(any ? anyCodePoint(random) : hard[random.nextInt(hard.length)]);
      }
      assertThat(ends(icuClusters(text.toString()))).containsAll(ends(clusters(text.toString())));
    }
  }

  private static int anyCodePoint(Random random) {
    int codePoint = random.nextInt(0x20000);
    return Character.getType(codePoint) == Character.SURROGATE ? 'x' : codePoint;
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
    text.codePoints()
        .forEach(
            codePoint -> {
              String before = rules.joins(codePoint) ? clusters.remove(clusters.size() - 1) : "";
              clusters.add(before + Character.toString(codePoint));
            });
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

  private static List<Integer> ends(List<String> clusters) {
    List<Integer> ends = new ArrayList<>();
    int end = 0;
    for (String cluster : clusters) {
      end += cluster.length();
      ends.add(end);
    }
    return ends;
  }
}
