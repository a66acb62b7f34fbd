package dev.polylm.export.tokenizer;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polylm.model.TokenizerFacts;
import dev.polylm.tokenizer.Tokenizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random texts, as Hugging Face's tokenizers split them. The library gets the model alone, and
 * texts that no normalizer changes: what it does before and behind the model differs from the slow
 * LlamaTokenizer.
 */
class TokenizersLibraryTest {
  private static final Path FIXTURES = Path.of("src/test/resources/tokenizers");
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Map<String, String> OPTIONS =
      Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false");

  @TempDir Path output;

  @BeforeAll
  static void keepTheLibraryOffTheNet() {
    System.setProperty("OPT_OUT_TRACKING", "true");
    System.setProperty("ai.djl.offline", "true");
  }

  @ParameterizedTest
  @ValueSource(strings = {"bpe", "unigram"})
  void randomTextsAreSplitAsTheTokenizersLibraryDoes(String name) throws IOException {
    TokenizerFacts facts = TokenizerConverter.convert(FIXTURES.resolve(name), output);
    Path file = output.resolve("tokenizer.json");
    JsonNode json = JSON.readTree(file.toFile());
    List<String> words = words(json);
    Random random = new Random(31);
    SoftAssertions softly = new SoftAssertions();
    try (Tokenizer tokenizer = Tokenizer.open(file, facts);
        HuggingFaceTokenizer library = modelAlone(json)) {
      for (int i = 0; i < 3_000; i++) {
        String text = text(random, words);
        long[] expected = library.encode("▁" + text.replace(' ', '▁'), false, false).getIds();
        softly
            .assertThat(tokenizer.encode(text))
            .as(text)
            .isEqualTo(Arrays.stream(expected).mapToInt(Math::toIntExact).toArray());
      }
    }
    softly.assertAll();
  }

  private static HuggingFaceTokenizer modelAlone(JsonNode json) throws IOException {
    ObjectNode alone = JSON.createObjectNode();
    alone.put("version", "1.0");
    alone.putArray("added_tokens");
    alone.set("model", json.path("model"));
    return HuggingFaceTokenizer.newInstance(
        new ByteArrayInputStream(JSON.writeValueAsBytes(alone)), OPTIONS);
  }

  /** Pieces of letters, which stay as they are, and now and then are no piece together. */
  private static List<String> words(JsonNode json) {
    List<String> words = new ArrayList<>();
    JsonNode vocabulary = json.path("model").path("vocab");
    if (vocabulary.isObject()) {
      vocabulary.fieldNames().forEachRemaining(words::add);
    } else {
      vocabulary.forEach(entry -> words.add(entry.path(0).textValue()));
    }
    words.removeIf(word -> !word.matches("▁?[\\p{IsHan}\\p{IsHangul}a-zA-Z]+"));
    return words;
  }

  private static String text(Random random, List<String> words) {
    StringBuilder text = new StringBuilder("a");
    List<String> few = random.ints(8, 0, words.size()).mapToObj(words::get).toList();
    int count = random.nextInt(60);
    for (int i = 0; i < count; i++) {
      switch (random.nextInt(8)) {
        case 0 -> text.appendCodePoint('a' + random.nextInt(26));
        case 1 -> text.appendCodePoint(0x4E00 + random.nextInt(0x5000));
        case 2 -> text.append(words.get(random.nextInt(words.size())));
        default -> text.append(few.get(random.nextInt(few.size())));
      }
    }
    return text.toString().replace('▁', ' ').replaceAll(" +", " ").strip();
  }
}
