package dev.polylm.export.calibration;

import static org.assertj.core.api.Assertions.assertThat;

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

  private static String text(int[] codePoints) {
    return new String(codePoints, 0, codePoints.length);
  }

  /** Characters stand for ids. */
  private static List<int[]> sequences(int vocabSize, int maxLength, int maxTokens) {
    return CalibrationTexts.sequences(
        text -> text.codePoints().toArray(), vocabSize, maxLength, maxTokens);
  }
}
