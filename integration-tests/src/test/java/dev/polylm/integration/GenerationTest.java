package dev.polylm.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polylm.PolyLm;
import dev.polylm.generation.FinishReason;
import dev.polylm.generation.GeneratedSequence;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.generation.GenerationRequest;
import dev.polylm.generation.GenerationResult;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds generation to Hugging Face's generate(), case by case. */
final class GenerationTest {
  private static PolyLm polyLm;

  @BeforeAll
  static void open() {
    polyLm = PolyLm.openEmbedded();
  }

  @AfterAll
  static void close() {
    polyLm.close();
  }

  static Stream<Arguments> cases() {
    List<JsonNode> all = Fixtures.list(Fixtures.read("generation.json"));
    return all.stream()
        .map(
            fixture ->
                Arguments.of(
                    fixture.get("name").textValue() + " of " + fixture.get("prompt").textValue(),
                    fixture));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void givesWhatHuggingFaceGives(String name, JsonNode fixture) {
    ObjectNode settings = fixture.get("config").deepCopy();
    GenerationConfig config =
        GenerationConfig.fromJson(settings.toString()).toBuilder()
            .outputLogprobs(!settings.has("num_beams"))
            .build();

    GenerationResult result =
        polyLm.generate(
            GenerationRequest.ofPrompt(fixture.get("prompt").textValue()).withConfig(config));

    assertThat(result.promptTokens()).isEqualTo(fixture.get("input_ids").size());
    assertThat(result.sequences()).hasSameSizeAs(fixture.get("sequences"));
    for (int i = 0; i < result.sequences().size(); i++) {
      GeneratedSequence sequence = result.sequences().get(i);
      assertThat(sequence.ids()).isEqualTo(Fixtures.ints(fixture.get("sequences").get(i)));
      assertThat(sequence.text()).isEqualTo(fixture.get("texts").get(i).textValue());
      if (fixture.has("sequences_scores")) {
        assertThat(sequence.score().orElseThrow())
            .isCloseTo(fixture.get("sequences_scores").get(i).doubleValue(), within(1e-3));
      } else {
        assertLogprobs(sequence, Fixtures.doubles(fixture.get("token_logprobs")));
      }
    }
  }

  private static void assertLogprobs(GeneratedSequence sequence, double[] expected) {
    float[] found = sequence.tokenLogprobs();
    assertThat(found).hasSize(expected.length);
    for (int i = 0; i < found.length; i++) {
      assertThat((double) found[i]).isCloseTo(expected[i], within(1e-3));
    }
  }

  @Test
  void theListenerHearsTheAnswerInWholeCharacters() {
    StringBuilder heard = new StringBuilder();
    GenerationResult result =
        polyLm.generate(
            GenerationRequest.ofPrompt(
                    "Beijing is the capital of China.\n"
                        + "Translate this sentence from English to Chinese.")
                .withTextListener(
                    piece -> {
                      assertThat(piece).isNotEmpty().doesNotContain("\uFFFD");
                      heard.append(piece);
                    }));

    assertThat(result.text()).isEqualTo("\n北京是中国的首都。");
    assertThat(heard).hasToString(result.text());
    assertThat(result.sequences().get(0).finishReason()).isEqualTo(FinishReason.STOP_TOKEN);
  }
}
