package dev.polylm.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.polylm.export.tokenizer.TokenizerConverter;
import dev.polylm.model.TokenizerFacts;
import dev.polylm.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The prompts and texts of generation.json, by the checkpoint's own tokenizer. */
class TokenizerTest {
  @TempDir Path output;

  @Test
  void promptsAndGeneratedTextsAreThoseOfHuggingFace() throws IOException {
    TokenizerFacts facts = TokenizerConverter.convert(Fixtures.CHECKPOINT, output);
    JsonNode cases =
        JsonMapper.builder()
            .build()
            .readTree(Path.of("src/test/resources/generation.json").toFile());
    assertThat(cases).hasSize(171);
    SoftAssertions softly = new SoftAssertions();
    try (Tokenizer tokenizer = Tokenizer.open(output.resolve("tokenizer.json"), facts)) {
      for (JsonNode expected : cases) {
        check(tokenizer, expected, softly);
      }
    }
    softly.assertAll();
  }

  private static void check(Tokenizer tokenizer, JsonNode expected, SoftAssertions softly) {
    String prompt = expected.path("prompt").textValue();
    softly
        .assertThat(tokenizer.encodePrompt(prompt, true))
        .as(prompt)
        .isEqualTo(ints(expected.path("input_ids")));
    for (int i = 0; i < expected.path("sequences").size(); i++) {
      softly
          .assertThat(tokenizer.decode(ints(expected.path("sequences").get(i))))
          .as(prompt)
          .isEqualTo(expected.path("texts").get(i).textValue());
    }
  }

  private static int[] ints(JsonNode array) {
    return IntStream.range(0, array.size()).map(i -> array.get(i).intValue()).toArray();
  }
}
