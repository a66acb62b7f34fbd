package dev.polylm.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import dev.polylm.constraint.Constraint;
import dev.polylm.generation.FinishReason;
import dev.polylm.generation.GeneratedSequence;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.generation.GenerationRequest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Answers in which phrases must occur. */
final class ContainingTest {
  private static final String PROMPT =
      "Beijing is the capital of China.\nTranslate this sentence from English to German.";
  private static PolyLm polyLm;

  @BeforeAll
  static void open() {
    polyLm = PolyLm.openEmbedded();
  }

  @AfterAll
  static void close() {
    polyLm.close();
  }

  static List<JsonNode> recorded() {
    return Fixtures.list(Fixtures.read("containing.json"));
  }

  private static List<List<String>> phrases(JsonNode fixture) {
    List<List<String>> phrases = new ArrayList<>();
    for (JsonNode alternatives : fixture.get("phrases")) {
      phrases.add(Fixtures.list(alternatives).stream().map(JsonNode::textValue).toList());
    }
    return phrases;
  }

  @ParameterizedTest
  @MethodSource("recorded")
  void beamsGiveWhatHuggingFacesConstrainedBeamSearchGives(JsonNode fixture) {
    List<List<String>> phrases = phrases(fixture);
    GeneratedSequence answer =
        polyLm
            .generate(Fixtures.request(fixture).withConstraint(Constraint.containing(phrases)))
            .sequences()
            .get(0);
    assertThat(answer.ids()).isEqualTo(Fixtures.ints(fixture.get("sequences").get(0)));
    assertThat(answer.score().orElseThrow())
        .isCloseTo(fixture.get("sequences_scores").get(0).doubleValue(), within(1e-3));
    if (answer.finishReason() == FinishReason.STOP_TOKEN) { // the limit may come before a phrase
      assertThat(phrases).allSatisfy(any -> assertThat(answer.text()).containsAnyOf(any(any)));
    }
  }

  private static String[] any(List<String> alternatives) {
    return alternatives.toArray(String[]::new);
  }

  private static GeneratedSequence answer(String config, List<List<String>> phrases) {
    GenerationRequest request =
        GenerationRequest.ofPrompt(PROMPT)
            .withConfig(GenerationConfig.fromJson(config))
            .withConstraint(
                Constraint.containing(phrases).completeAtLimit(!config.contains("num_beams")));
    return polyLm.generate(request).sequences().get(0);
  }

  @Test
  void withoutBeamsTheAnswerEndsOnlyAfterThePhrases() {
    List<List<String>> phrases = List.of(List.of("Wien", "Rom"), List.of("Bonn"));
    for (String config :
        List.of("{\"max_new_tokens\": 30}", "{\"do_sample\": true, \"max_new_tokens\": 30}")) {
      GeneratedSequence answer = answer(config, phrases);
      assertThat(answer.text()).containsAnyOf("Wien", "Rom").contains("Bonn");
    }
    GeneratedSequence fitting = answer("{\"max_new_tokens\": 30}", List.of(List.of("Peking")));
    assertThat(fitting.finishReason()).isEqualTo(FinishReason.STOP_TOKEN);
    assertThat(fitting.text()).isEqualTo("\nPeking ist die Hauptstadt von China.");
  }

  @Test
  void severalBeamsEachContainThePhrases() {
    GenerationRequest request =
        GenerationRequest.ofPrompt(PROMPT)
            .withConfig(
                GenerationConfig.fromJson(
                    "{\"num_beams\": 6, \"num_return_sequences\": 3, \"max_new_tokens\": 30,"
                        + " \"output_logprobs\": true}"))
            .withConstraint(Constraint.containing(List.of(List.of("Stadt"), List.of("Peking"))));
    for (GeneratedSequence answer : polyLm.generate(request).sequences()) {
      assertThat(answer.text()).contains("Stadt", "Peking");
      assertThat(answer.tokenLogprobs()).hasSameSizeAs(answer.ids());
    }
  }

  @Test
  void phrasesMustBeTexts() {
    assertThatThrownBy(() -> Constraint.containing(List.of()))
        .isInstanceOf(PolyLmException.class)
        .hasMessage("containing needs at least one phrase, found none");
    assertThatThrownBy(() -> Constraint.containing(List.of(List.of("a"), List.of())))
        .hasMessage(
            "each phrase needs at least one alternative, and text in each; found [[a], []]");
    assertThatThrownBy(() -> Constraint.containing(List.of(List.of("a", ""))))
        .isInstanceOf(PolyLmException.class);
  }
}
