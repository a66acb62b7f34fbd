package dev.polylm.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import dev.polylm.constraint.Constraint;
import dev.polylm.generation.GeneratedSequence;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.generation.GenerationConfigBuilder;
import dev.polylm.generation.GenerationRequest;
import dev.polylm.generation.GenerationStream;
import dev.polylm.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Prompt and answer, joined, are the text that the tokenizer gives for all their ids. */
final class ContinuedTextTest {
  private static PolyLm polyLm;

  @BeforeAll
  static void open() {
    polyLm = PolyLm.openEmbedded();
  }

  @AfterAll
  static void close() {
    polyLm.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Beijing is",
        "Beijing is ",
        "Paris",
        "北京是",
        "Paris is the capital of France.\nTranslate this sentence from English to German.",
        "a\n"
      })
  void isTheRestOfTheWholeText(String prompt) {
    GenerationConfigBuilder config = GenerationConfig.builder().maxNewTokens(8);
    List<GeneratedSequence> answers = new ArrayList<>();
    answers.addAll(answers(prompt, config.build()));
    answers.addAll(answers(prompt, config.numBeams(3).numReturnSequences(3).build()));
    answers.addAll(answers(prompt, config.numBeams(1).doSample(true).seed(1).build()));
    assertThat(answers).hasSize(7);

    Tokenizer tokenizer = polyLm.tokenizer();
    int[] promptIds = tokenizer.encodePrompt(prompt, false);
    for (GeneratedSequence answer : answers) {
      int[] all = IntStream.concat(IntStream.of(promptIds), IntStream.of(answer.ids())).toArray();
      assertThat(tokenizer.decode(promptIds) + answer.text()).isEqualTo(tokenizer.decode(all));
    }
  }

  private static List<GeneratedSequence> answers(String prompt, GenerationConfig config) {
    return polyLm.generate(request(prompt).withConfig(config)).sequences();
  }

  private static GenerationRequest request(String prompt) {
    return GenerationRequest.ofPrompt(prompt).withContinuedText();
  }

  @Test
  void keepsTheSpaceThatATextOfItsOwnLacks() {
    GenerationRequest alone = GenerationRequest.ofPrompt("Beijing is");
    GeneratedSequence answer = polyLm.generate(alone).sequences().get(0);
    GeneratedSequence continued = polyLm.generate(request("Beijing is")).sequences().get(0);

    assertThat(continued.ids()).isEqualTo(answer.ids());
    assertThat(continued.text()).isEqualTo(" " + answer.text());
  }

  @Test
  void streamsAndStopsInTheContinuedText() {
    try (GenerationStream stream = polyLm.stream(request("Beijing is"))) {
      String streamed = String.join("", stream.pieces().toList());
      assertThat(streamed).startsWith(" ").isEqualTo(stream.result().text());
      String word = streamed.strip().split(" ", 2)[0];
      GenerationConfig stop = GenerationConfig.builder().stopStrings(List.of(" " + word)).build();
      assertThat(polyLm.generate(request("Beijing is").withConfig(stop)).text()).isEmpty();
    }
  }

  @Test
  void aConstraintIsRefused() {
    GenerationRequest request =
        request("Beijing is").withConstraint(Constraint.choice(List.of("a", "b")));
    assertThatThrownBy(() -> polyLm.generate(request))
        .isInstanceOf(PolyLmException.class)
        .hasMessage(
            "the request continues the prompt's text and has a constraint: a constraint holds for the text of the answer alone");
  }
}
