package dev.polylm.internal.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylm.PolyLmException;
import dev.polylm.internal.text.StopStringMatcher.Release;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StopStringMatcherTest {
  @Test
  void findsAStopStringAcrossPieces() {
    StopStringMatcher matcher = new StopStringMatcher(List.of("\n\nQ:"), false);
    assertThat(matcher.accept("Paris\n")).isEqualTo(new Release("Paris", false));
    assertThat(matcher.accept("\n")).isEqualTo(new Release("", false));
    assertThat(matcher.accept("\nQ")).isEqualTo(new Release("\n", false));
    assertThat(matcher.accept(": who?")).isEqualTo(new Release("", true));
    assertThat(matcher.finish()).isEmpty();
  }

  @Test
  void keepsTheStopStringWhereItIsIncluded() {
    StopStringMatcher matcher = new StopStringMatcher(List.of("</answer>"), true);
    assertThat(matcher.accept("42</ans")).isEqualTo(new Release("42", false));
    assertThat(matcher.accept("wer> and more")).isEqualTo(new Release("</answer>", true));
  }

  @Test
  void endsAtTheStopStringThatIsCompleteFirstAndOfThoseAtTheLongest() {
    assertThat(text(List.of("abcd", "c"), false, "xabcd")).isEqualTo("xab");
    assertThat(text(List.of("c", "abc"), false, "xabcd")).isEqualTo("x");
    assertThat(text(List.of("abc", "c"), true, "xabcd")).isEqualTo("xabc");
  }

  @Test
  void releasesWhatOnlyLookedLikeAStopString() {
    StopStringMatcher matcher = new StopStringMatcher(List.of("aab"), false);
    assertThat(matcher.accept("aa").text()).isEmpty();
    assertThat(matcher.accept("a").text()).isEqualTo("a");
    assertThat(matcher.accept("c").text()).isEqualTo("aac");
    assertThat(matcher.accept("a").text()).isEmpty();
    assertThat(matcher.finish()).isEqualTo("a");
  }

  @Test
  void withoutStopStringsEverythingIsReleased() {
    StopStringMatcher matcher = new StopStringMatcher(List.of(), false);
    assertThat(matcher.accept("anything\n")).isEqualTo(new Release("anything\n", false));
  }

  @Test
  void endsAlikeHoweverTheTextIsCut() {
    Random random = new Random(13);
    for (int round = 0; round < 3_000; round++) {
      String text = randomText(random, 1 + random.nextInt(24));
      List<String> stops =
          List.of(randomText(random, 1 + random.nextInt(4)), randomText(random, 3));
      boolean include = random.nextBoolean();
      String expected = textByDefinition(stops, include, text);
      assertThat(text(stops, include, Texts.pieces(text, random).toArray(String[]::new)))
          .as("%s in %s", stops, text)
          .isEqualTo(expected);
      assertThat(text(stops, include, text)).isEqualTo(expected);
    }
  }

  /** The rule as it is written: the first end, and of those that end there the longest. */
  private static String textByDefinition(List<String> stops, boolean include, String text) {
    for (int end = 1; end <= text.length(); end++) {
      String read = text.substring(0, end);
      int complete = stops.stream().filter(read::endsWith).mapToInt(String::length).max().orElse(0);
      if (complete > 0) {
        return include ? read : read.substring(0, end - complete);
      }
    }
    return text;
  }

  private static String text(List<String> stops, boolean include, String... pieces) {
    StopStringMatcher matcher = new StopStringMatcher(stops, include);
    StringBuilder text = new StringBuilder();
    for (String piece : pieces) {
      Release release = matcher.accept(piece);
      text.append(release.text());
      if (release.stopped()) {
        break;
      }
    }
    return text.append(matcher.finish()).toString();
  }

  private static String randomText(Random random, int length) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append(List.of("a", "b", "\n", "😀", "😁").get(random.nextInt(5)));
    }
    return text.toString();
  }

  @Test
  void refusesWhatNoTextHolds() {
    assertThatThrownBy(() -> new StopStringMatcher(List.of("\n", ""), false))
        .isInstanceOf(PolyLmException.class)
        .hasMessage("stop string 1 is empty, expected text");
    assertThatThrownBy(() -> new StopStringMatcher(List.of("a\uDE00"), false))
        .isInstanceOf(PolyLmException.class)
        .hasMessage("stop string 0 holds half of a surrogate pair, expected whole characters");
  }

  @Test
  void takesNothingAfterAStopString() {
    StopStringMatcher matcher = new StopStringMatcher(List.of("."), false);
    assertThat(matcher.accept("a.").stopped()).isTrue();
    assertThatThrownBy(() -> matcher.accept("b"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the text has ended at a stop string");
  }
}
