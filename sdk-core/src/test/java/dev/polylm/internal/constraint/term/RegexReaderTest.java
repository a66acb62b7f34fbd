package dev.polylm.internal.constraint.term;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylm.PolyLmException;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Patterns against java.util.regex, which has the same meaning for what is used here. */
final class RegexReaderTest {
  private static final String ALPHABET = "abA0 -_.\né日\uD83D\uDE42";

  private final Terms terms = new Terms(Budget.ofUse());
  private final Derivatives derivatives = new Derivatives(terms);
  private final Random random = new Random(11);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "^a",
        "a$",
        "^a$",
        "^$",
        "",
        "ab|b",
        "^ab|b$",
        "(^a|b)b",
        "^(a|b$)",
        "a*b+0?",
        "(ab)*",
        "^(?:ab){1,2}$",
        "a{2}",
        "a{1,}b",
        "^a{0}b",
        "[ab]",
        "^[^ab]+$",
        "[a-c0]",
        "[-a]",
        "[a-]",
        "^.*$",
        ".",
        "\\d",
        "^\\D*$",
        "\\w\\W",
        "\\s",
        "^\\S+$",
        "[\\d_]",
        "[^\\w]",
        "é",
        "^[é日]$",
        "\\u00e9",
        "\\x61",
        "(?=a)",
        "^(?=.*0)[a0]*$",
        "^(?!a)",
        "^(?!ab$).*$",
        "(?!a)b",
        "a.b",
        "^(?<first>a)b",
        "(a|)(b|)0",
        "((a*)*)*b",
        "^a?$",
        "a{0,3}0",
        "^[\\s\\S]{2}$",
        "\\n",
        "[^]",
        "(^|-)a",
        "a(-|$)",
        "(?:(^|-)a)+$",
        "\\p{Lu}",
        "^\\P{L}+$",
        "\\p{Script=Han}",
        "a+?b",
        "x{",
        "^a^b",
        "a$b",
        "-(?=b)",
        "(?:a|^)b"
      })
  void findsWhatJavaFinds(String pattern) {
    Pattern java = Pattern.compile(asJava(pattern), Pattern.DOTALL);
    Term plain = RegexReader.search(Spelling.plain(terms), pattern);
    Spelling json = Spelling.json(terms);
    Term inJson = RegexReader.search(json, pattern);
    for (int i = 0; i < 300; i++) {
      String text = text();
      boolean found = java.matcher(text).find();
      assertThat(derivatives.matches(plain, text.getBytes(UTF_8))).as(text).isEqualTo(found);
      assertThat(derivatives.matches(inJson, json.bytes(text))).as(text).isEqualTo(found);
    }
  }

  /** Java's $ also matches before a last line end, its . with DOTALL also line ends. */
  private static String asJava(String pattern) {
    return pattern
        .replace("[^]", "[\\s\\S]")
        .replace("x{", "x\\{")
        .replaceAll("(?<!\\\\)\\$", "\\\\z")
        .replaceAll("(?<![\\\\\\[])\\.(?!\\w*\\])", "[^\\\\n]")
        .replace("Script=Han", "IsHan");
  }

  private String text() {
    StringBuilder text = new StringBuilder();
    int[] alphabet = ALPHABET.codePoints().toArray();
    for (int length = random.nextInt(6); length > 0; length--) {
      text.appendCodePoint(alphabet[random.nextInt(alphabet.length)]);
    }
    return text.toString();
  }

  @Test
  void wholeIsFromEndToEnd() {
    Term term = RegexReader.whole(Spelling.plain(terms), "^a|b$|c");
    for (String text : List.of("a", "b", "c")) {
      assertThat(derivatives.matches(term, text.getBytes(UTF_8))).isTrue();
    }
    for (String text : List.of("", "ab", "bc", "ca")) {
      assertThat(derivatives.matches(term, text.getBytes(UTF_8))).isFalse();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "(a)\\1; a back reference, at character 6",
        "\\bword; a \\b, at character 3",
        "(?<=a)b; a group that is neither plain nor named, at character 4",
        "(a(?=b))*; a lookahead inside a group, at character 3",
        "a{3,2}; a repetition of 3 to 2 times, at character 7",
        "a{999999}; a repetition of over 100000 times, at character 9",
        "[z-a]; a range from U+007A down to U+0061, at character 5",
        "[ab; a [ without its ], at character 4",
        "(ab; a ) is missing, at character 4",
        "ab); a ) without its (, at character 3",
        "a**; nothing to repeat, at character 3",
        "*a; nothing to repeat, at character 1",
        "\\; a \\ at the end, at character 2",
        "\\p{Nothing}; the property Nothing, which is not known, at character 12",
        "^^a; an anchor after an anchor, at character 4",
        "^(?:(^|-)a)+$; an anchor after an anchor, at character 14",
        "(^)*a; a repeated anchor, at character 5",
        "\\q; the escape \\q, at character 3"
      })
  void refusesWhatItCannotHold(String pattern, String reason) {
    assertThatThrownBy(() -> RegexReader.search(Spelling.plain(terms), pattern))
        .isInstanceOf(PolyLmException.class)
        .hasMessage("the pattern %s is not supported: %s", pattern, reason);
  }

  @Test
  void oneSurrogateAloneIsNoText() {
    assertThatThrownBy(() -> Spelling.json(terms).text("a\uD83D"))
        .isInstanceOf(PolyLmException.class)
        .hasMessage("a constraint's text holds half of a surrogate pair, which no answer can hold");
  }
}
