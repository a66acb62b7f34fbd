package dev.polylm.export.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.polylm.model.TokenizerFacts;
import dev.polylm.tokenizer.StreamingDecoder;
import dev.polylm.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the slow LlamaTokenizer made of 744 texts (tokenizers/make_tokenizer.py), case by case. */
class SlowTokenizerCasesTest {
  private static final Path FIXTURES = Path.of("src/test/resources/tokenizers");
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @TempDir Path output;

  @ParameterizedTest
  @ValueSource(strings = {"bpe", "unigram"})
  void idsPiecesAndTextsAreThoseOfTheSlowTokenizer(String name) throws IOException {
    check(FIXTURES.resolve(name));
  }

  private void check(Path checkpoint) throws IOException {
    TokenizerFacts facts = TokenizerConverter.convert(checkpoint, output);
    assertThat(facts).isEqualTo(new TokenizerFacts(false, false, false, "<unk>", "<s>", "</s>"));
    JsonNode cases = JSON.readTree(checkpoint.resolve("cases.json").toFile());
    assertThat(cases).hasSize(744);
    try (Tokenizer tokenizer = Tokenizer.open(output.resolve("tokenizer.json"), facts)) {
      SoftAssertions softly = new SoftAssertions();
      cases.forEach(expected -> check(tokenizer, expected, softly));
      softly.assertAll();
    }
  }

  private static void check(Tokenizer tokenizer, JsonNode expected, SoftAssertions softly) {
    String text = expected.path("text").textValue();
    int[] ids = ints(expected.path("ids"));
    softly.assertThat(tokenizer.encodeTrusted(text)).as("ids of %s", text).isEqualTo(ids);
    softly
        .assertThat(tokenizer.withLegacy(true).encodeTrusted(text))
        .as("legacy ids of %s", text)
        .isEqualTo(ints(expected.path("ids_legacy")));
    List<String> pieces =
        StreamSupport.stream(expected.path("pieces").spliterator(), false)
            .map(JsonNode::textValue)
            .toList();
    softly.assertThat(tokenizer.pieces(ids)).as("pieces of %s", text).isEqualTo(pieces);
    String decoded = expected.path("decoded").textValue();
    softly.assertThat(tokenizer.decode(ids)).as("text of the ids of %s", text).isEqualTo(decoded);
    softly.assertThat(streamed(tokenizer, ids)).as("streamed ids of %s", text).isEqualTo(decoded);
  }

  private static String streamed(Tokenizer tokenizer, int[] ids) {
    StreamingDecoder decoder = tokenizer.streamingDecoder();
    StringBuilder text = new StringBuilder();
    for (int id : ids) {
      text.append(decoder.accept(id));
    }
    return text.append(decoder.finish()).toString();
  }

  private static int[] ints(JsonNode array) {
    return IntStream.range(0, array.size()).map(i -> array.get(i).intValue()).toArray();
  }
}
