package dev.polylm.export.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.polylm.model.TokenizerFacts;
import dev.polylm.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Odd texts and random ids, as the slow LlamaTokenizer treats them (make_odd_cases.py). */
class OddCasesTest {
  private static final Path FIXTURES = Path.of("src/test/resources/tokenizers");

  @TempDir Path output;

  @ParameterizedTest
  @ValueSource(strings = {"bpe", "unigram", "symbols"})
  void oddTextsAndRandomIdsAreTreatedAsTheSlowTokenizerDoes(String name) throws IOException {
    Path checkpoint = FIXTURES.resolve(name);
    TokenizerFacts facts = TokenizerConverter.convert(checkpoint, output);
    JsonNode cases = JsonMapper.builder().build().readTree(checkpoint.resolve("odd.json").toFile());
    SoftAssertions softly = new SoftAssertions();
    softly.assertThat(cases).hasSize(150);
    try (Tokenizer tokenizer = Tokenizer.open(output.resolve("tokenizer.json"), facts)) {
      for (JsonNode expected : cases) {
        check(tokenizer, "", expected, softly);
        check(tokenizer.withLegacy(true), "_legacy", expected, softly);
      }
    }
    softly.assertAll();
  }

  private static void check(
      Tokenizer tokenizer, String suffix, JsonNode expected, SoftAssertions softly) {
    String text = expected.path("text").textValue();
    softly
        .assertThat(tokenizer.encodeTrusted(text))
        .as("trusted%s: %s", suffix, text)
        .isEqualTo(ints(expected.path("trusted" + suffix)));
    softly
        .assertThat(tokenizer.encode(text))
        .as("plain%s: %s", suffix, text)
        .isEqualTo(ints(expected.path("plain" + suffix)));
    JsonNode ids = expected.path("random_ids");
    softly
        .assertThat(tokenizer.decode(ints(ids)))
        .as("decoded%s: %s", suffix, ids)
        .isEqualTo(expected.path("decoded" + suffix).textValue());
  }

  private static int[] ints(JsonNode array) {
    return IntStream.range(0, array.size()).map(i -> array.get(i).intValue()).toArray();
  }
}
