package dev.polylm.internal.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylm.PolyLmException;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CharsMapTest {
  @Test
  void charactersOfEveryLengthAreFound() {
    for (String from : new String[] {"\u0001", "a", "\u007F", "\u0080", "é", "\u07FF", "\u0800"}) {
      assertThat(applied(Map.of(from, "X"), from + "z")).isEqualTo("X/" + from.length());
    }
    for (String from : new String[] {"ﬁ", "\uD7FF", "\uE000", "\uFFFF", "\uD800\uDC00", "🙂"}) {
      assertThat(applied(Map.of(from, "X"), from + "z")).isEqualTo("X/" + from.length());
    }
    String last = Character.toString(Character.MAX_CODE_POINT);
    assertThat(applied(Map.of(last, "X"), last)).isEqualTo("X/2");
  }

  @Test
  void theLongestRuleWins() {
    Map<String, String> rules = Map.of("a", "1", "ab", "2", "abcd", "4");

    assertThat(applied(rules, "a")).isEqualTo("1/1");
    assertThat(applied(rules, "abc")).isEqualTo("2/2");
    assertThat(applied(rules, "abcd")).isEqualTo("4/4");
    assertThat(applied(rules, "abce")).isEqualTo("2/2");
    assertThat(applied(Map.of("e\u0301", "é"), "e\u0301x")).isEqualTo("é/2");
  }

  @Test
  void whereNoRuleAppliesNothingIsTaken() {
    assertThat(applied(Map.of("ab", "2"), "ac")).isEqualTo("/0");
    assertThat(applied(Map.of("ab", "2"), "a")).isEqualTo("/0");
    assertThat(applied(Map.of("é", "e"), "ê")).isEqualTo("/0");
    assertThat(applied(Map.of("🙂", "e"), "🙃")).isEqualTo("/0");
    assertThat(applied(Map.of("b", "e"), "ab")).isEqualTo("/0");
  }

  @Test
  void aRuleMayTakeCharactersAway() {
    assertThat(applied(Map.of("\u200B", "", "x", "y"), "\u200Bx")).isEqualTo("/1");
  }

  @Test
  void aRuleIsFoundInsideAText() {
    CharList result = new CharList(0);

    assertThat(new CharsMap(CharsMaps.of(Map.of("b", "BB"))).appendLongest("abc", 1, result))
        .isOne();
    assertThat(result).hasToString("BB");
  }

  @Test
  void aReplacementHas256BytesAtMost() {
    String longest = "é".repeat(128);
    assertThat(applied(Map.of("a", longest), "a")).isEqualTo(longest + "/1");

    assertThatThrownBy(() -> new CharsMap(CharsMaps.of(Map.of("a", "x", "b", longest + "z"))))
        .isInstanceOf(PolyLmException.class)
        .hasMessage("precompiled_charsmap: the replacement at byte 2 has more than 256 bytes");
  }

  @Test
  void sizesThatLieAreRefused() {
    byte[] blob = CharsMaps.of(Map.of("a", "b"));
    for (int length : new int[] {0, 3, 4, blob.length / 2}) {
      assertThatThrownBy(() -> new CharsMap(Arrays.copyOf(blob, length)))
          .isInstanceOf(PolyLmException.class)
          .hasMessageStartingWith(
              "precompiled_charsmap: has " + length + " bytes and says that its")
          .hasMessageEndingWith("expected a multiple of 4 within the blob");
    }
    for (byte size : new byte[] {0, 3, 5}) {
      assertThatThrownBy(() -> new CharsMap(new byte[] {size, 0, 0, 0, 0, 0, 0, 0, 0}))
          .isInstanceOf(PolyLmException.class);
    }
    assertThat(new CharsMap(new byte[] {4, 0, 0, 0, 0, 0, 0, 0})).isNotNull();
  }

  @Test
  void anOffsetThatLiesLeadsNowhere() {
    int farChildren = 0xFFFFF << 10;
    CharsMap map = new CharsMap(CharsMaps.blob(new int[] {farChildren}, "x\0"));
    assertThat(map.appendLongest("a", 0, new CharList(0))).isZero();

    int[] units = new int[512];
    units[0] = 256 << 10;
    units[256 ^ 'a'] = (0xFFFFF << 10) | CharsMaps.HAS_LEAF | 'a';
    assertThat(new CharsMap(CharsMaps.blob(units, "x\0")).appendLongest("a", 0, new CharList(0)))
        .isZero();
  }

  @Test
  void aRuleThatPointsOutsideIsNamed() {
    assertThatThrownBy(() -> pointingAt(2, "x\0"))
        .isInstanceOf(PolyLmException.class)
        .hasMessage("precompiled_charsmap: a rule points at byte 2 of 2 bytes of replacements");
    assertThatThrownBy(() -> pointingAt(0, "xy"))
        .hasMessage("precompiled_charsmap: a rule points at byte 0 of 2 bytes of replacements");
    assertThat(pointingAt(1, "x\0")).isEqualTo("/1");
    assertThat(pointingAt(0, "x\0")).isEqualTo("x/1");
  }

  private static String pointingAt(int place, String replacements) {
    int[] units = new int[768];
    units[0] = 256 << 10;
    int node = 256 ^ 'a';
    units[node] = ((node ^ 512) << 10) | CharsMaps.HAS_LEAF | 'a';
    units[512] = CharsMaps.LEAF | place;
    return applied(new CharsMap(CharsMaps.blob(units, replacements)), "a");
  }

  private static String applied(Map<String, String> rules, String text) {
    return applied(new CharsMap(CharsMaps.of(rules)), text);
  }

  /** What is appended, and how many chars are taken. */
  private static String applied(CharsMap map, String text) {
    CharList result = new CharList(0);
    int taken = map.appendLongest(text, 0, result);
    return result + "/" + taken;
  }
}
