package dev.polylm.export.calibration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylm.export.reference.PlacedIds;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class CalibrationTextsTest {
  private static final List<String> LANGUAGES =
      List.of(
          "Chinese",
          "English",
          "Spanish",
          "German",
          "French",
          "Portuguese",
          "Russian",
          "Italian",
          "Arabic",
          "Japanese",
          "Korean",
          "Thai",
          "Vietnamese",
          "Indonesian",
          "Polish",
          "Turkish",
          "Dutch",
          "Hebrew");

  @Test
  void thereAreFourHundredTextsInEighteenLanguages() {
    List<int[]> all = sequences(1 << 21, 10_000, 1_000_000);
    assertThat(all).hasSize(400);
    for (String language : LANGUAGES) {
      assertThat(all).anyMatch(text -> text(text).contains("from " + language + " to "));
      assertThat(all).anyMatch(text -> text(text).contains(" to " + language + "."));
    }
  }

  @Test
  void longTextsAreCutAndTextsWithOtherIdsLeftOut() {
    assertThat(sequences(1 << 21, 7, 1_000_000)).hasSize(400).allMatch(text -> text.length == 7);
    assertThat(sequences(128, 10_000, 1_000_000))
        .hasSizeBetween(10, 390)
        .allMatch(text -> Arrays.stream(text).allMatch(c -> c < 128));
  }

  @Test
  void thereAreAsManyTokensAsTheLimitAllows() {
    int tokens = sequences(1 << 21, 10_000, 5000).stream().mapToInt(text -> text.length).sum();
    assertThat(tokens).isBetween(4900, 5000);
    assertThat(sequences(1 << 21, 10_000, 0)).isEmpty();
  }

  @Test
  void contextsHoldTheTextsAndReachTheirEnd() {
    List<PlacedIds> contexts =
        CalibrationTexts.contexts(text -> text.codePoints().toArray(), 1 << 21, 1000, 2500);

    assertThat(contexts).hasSize(3);
    assertThat(contexts.stream().flatMapToInt(c -> Arrays.stream(c.inputIds())).toArray())
        .isEqualTo(sequences(1 << 21, 1000, 2500).stream().flatMapToInt(Arrays::stream).toArray());
    for (PlacedIds context : contexts) {
      int[] positions = context.positionIds();
      assertThat(positions).hasSameSizeAs(context.inputIds()).startsWith(0).endsWith(999);
      assertThat(positions).isSorted().doesNotHaveDuplicates();
    }
  }

  /** A text is never torn apart, and the same number of positions lies between all. */
  @Test
  void aContextOfFewIdsLeavesOutPositionsBetweenTexts() {
    int[] lengths = sequences(1 << 21, 100_000, 2100).stream().mapToInt(t -> t.length).toArray();
    int tokens = Arrays.stream(lengths).sum();
    int spare = 3 * (lengths.length - 1);

    List<PlacedIds> contexts =
        CalibrationTexts.contexts(
            text -> text.codePoints().toArray(), 1 << 21, tokens + spare, 2100);

    assertThat(contexts).hasSize(1);
    int[] expected = new int[tokens];
    int at = 0;
    for (int text = 0; text < lengths.length; text++) {
      for (int i = 0; i < lengths[text]; i++) {
        expected[at] = at + 3 * text;
        at++;
      }
    }
    assertThat(contexts.get(0).positionIds()).isEqualTo(expected);
    String all = text(contexts.get(0).inputIds());
    assertThat(LANGUAGES)
        .allSatisfy(language -> assertThat(all).containsPattern("(from|to) " + language));
  }

  @Test
  void withoutTextsThereAreNoContexts() {
    assertThat(CalibrationTexts.contexts(text -> text.codePoints().toArray(), 7, 100, 100))
        .isEmpty();
  }

  private static String text(int[] codePoints) {
    return new String(codePoints, 0, codePoints.length);
  }

  /** Characters stand for ids. */
  private static List<int[]> sequences(int vocabSize, int maxLength, int maxTokens) {
    return CalibrationTexts.sequences(
        text -> text.codePoints().toArray(), vocabSize, maxLength, maxTokens);
  }
}
