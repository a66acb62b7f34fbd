package dev.polylm.internal.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class TextNormalizerTest {
  private static final Map<String, String> RULES =
      Map.of("\t", " ", "\u200B", "", "ﬁ", "fi", "\u00A8", " \u0308", "~", "  ");

  @Test
  void withoutRulesSpacesBecomeBoundaries() {
    TextNormalizer plain = normalizer(false, Map.of(), Map.of());

    assertThat(plain.normalize(" a  b ", false)).hasToString("▁a▁▁b▁");
    assertThat(plain.normalize(" a  b ", true)).hasToString("▁▁a▁▁b▁");
    assertThat(plain.normalize("🙂", true)).hasToString("▁🙂");
    assertThat(plain.normalize("", true)).hasToString("");
    assertThat(plain.changesLength()).isFalse();
    assertThat(plain.removesExtraWhitespaces()).isFalse();
  }

  @Test
  void extraSpacesAreRemoved() {
    TextNormalizer removing = normalizer(true, Map.of(), Map.of());

    assertThat(removing.normalize("  a   b  ", true)).hasToString("▁a▁b");
    assertThat(removing.normalize("  a   b  ", false)).hasToString("a▁b");
    assertThat(removing.normalize("   ", true)).hasToString("");
    assertThat(removing.normalize("▁▁a▁", true)).hasToString("▁▁▁a");
    assertThat(removing.changesLength()).isTrue();
    assertThat(removing.removesExtraWhitespaces()).isTrue();
  }

  @Test
  void rulesAreAppliedBeforeSpacesAreRemoved() {
    TextNormalizer removing = normalizer(true, RULES, Map.of());

    assertThat(removing.normalize("\t ﬁ\t\tx\u200B \u200B y", true)).hasToString("▁fi▁x▁y");
    assertThat(removing.normalize("a\u00A8", true)).hasToString("▁a▁\u0308");
    assertThat(removing.normalize("a \u00A8", true)).hasToString("▁a▁\u0308");
    assertThat(removing.normalize("\u00A8", true)).hasToString("▁\u0308");
    assertThat(removing.normalize("a~b", true)).hasToString("▁a▁▁b");
    assertThat(removing.normalize("~b", true)).hasToString("▁b");
    assertThat(removing.normalize("b~", true)).hasToString("▁b");
    assertThat(normalizer(false, RULES, Map.of()).normalize("\t~", true)).hasToString("▁▁▁▁");
    assertThat(normalizer(false, RULES, Map.of()).changesLength()).isTrue();
  }

  @Test
  void aTextOfWhatIsTakenAwayStillGetsItsPrefix() {
    assertThat(normalizer(false, RULES, Map.of()).normalize("\u200B", true)).hasToString("▁");
    assertThat(normalizer(true, RULES, Map.of()).normalize("\u200B", true)).hasToString("");
    assertThat(normalizer(true, RULES, Map.of()).normalize("\u200B a", true)).hasToString("▁a");
  }

  @Test
  void userDefinedSymbolsAreLeftAsTheyAre() {
    TextNormalizer symbols = normalizer(true, RULES, Map.of("ﬁ", 1, "ﬁn", 2));

    assertThat(symbols.normalize("ﬁ ﬁn", true)).hasToString("▁ﬁ▁ﬁn");
    assertThat(symbols.normalize("xﬁ", true)).hasToString("▁xﬁ");
  }

  @Test
  void aLengthIsCountedUpToALimit() {
    TextNormalizer removing = normalizer(true, RULES, Map.of());

    assertThat(removing.lengthWithin("  ab\u200Bcﬁ  ", 5)).isEqualTo(5);
    assertThat(removing.lengthWithin("abcde", 4)).isEqualTo(5);
    assertThat(removing.lengthWithin("abcde".repeat(100_000), 4)).isEqualTo(5);
    assertThat(removing.lengthWithin("abcd" + " ".repeat(1_000), 4)).isEqualTo(4);
    assertThat(removing.lengthWithin("abcd~~", 4)).isEqualTo(4);
    assertThat(removing.lengthWithin(" ".repeat(1_000), 4)).isZero();
  }

  private static TextNormalizer normalizer(
      boolean removeExtra, Map<String, String> rules, Map<String, Integer> symbols) {
    CharsMap map = rules.isEmpty() ? null : new CharsMap(CharsMaps.of(rules));
    return new TextNormalizer(map, removeExtra, new SymbolMatcher(symbols));
  }
}
