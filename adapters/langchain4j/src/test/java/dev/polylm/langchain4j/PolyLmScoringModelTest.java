package dev.polylm.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.model.output.Response;
import dev.polylm.PolyLm;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PolyLmScoringModelTest {
  private static PolyLm tiny;
  private static PolyLmScoringModel model;

  @BeforeAll
  static void open() {
    tiny = PolyLm.openEmbedded();
    model = PolyLmScoringModel.builder().polyLm(tiny).build();
  }

  @AfterAll
  static void close() {
    model.close();
    tiny.close();
  }

  /** A translation is likelier after its own request than after another's. */
  @Test
  void theSegmentThatLeadsToTheQueryIsFirst() {
    List<String> names = List.of("Italy", "France", "Japan", "Poland");
    for (String name : names) {
      List<TextSegment> segments =
          names.stream().map(other -> TextSegment.from(request(other))).toList();
      List<Double> scores = model.scoreAll(segments, german(name)).content();
      assertThat(scores.indexOf(scores.stream().max(Double::compare).orElseThrow()))
          .as(name + scores)
          .isEqualTo(names.indexOf(name));
    }
  }

  private static String request(String name) {
    return name + "\nTranslate this sentence from English to German.";
  }

  private static String german(String name) {
    return switch (name) {
      case "Italy" -> "Italien";
      case "France" -> "Frankreich";
      case "Japan" -> "Japan";
      default -> "Polen";
    };
  }

  @Test
  void theScoreIsTheMeanLogProbabilityOfTheQuerysTokens() {
    Response<Double> response = model.score(request("Italy"), "Italien");
    assertThat(response.content())
        .isEqualTo(tiny.score(request("Italy") + "\n", "Italien").perToken())
        .isNegative();
    assertThat(response.tokenUsage().inputTokenCount())
        .isEqualTo(tiny.tokenizer().encodePrompt(request("Italy") + "\nItalien", false).length);
    assertThat(response.tokenUsage().outputTokenCount()).isZero();
  }

  @Test
  void noSegmentsHaveNoScores() {
    assertThat(model.scoreAll(List.of(), "a").content()).isEmpty();
  }

  @Test
  void refusesWhatHasNoScore() {
    assertThatThrownBy(() -> model.score("a", ""))
        .isExactlyInstanceOf(InvalidRequestException.class)
        .hasMessageEndingWith("the continuation 0; each needs at least one");
    assertThatThrownBy(() -> model.score("2".repeat(600), "a"))
        .isExactlyInstanceOf(InvalidRequestException.class)
        .hasMessageEndingWith("the model's context is 512");
  }
}
