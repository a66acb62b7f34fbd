package dev.polylm.export.tokenizer;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.polylm.model.TokenizerFacts;
import dev.polylm.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts of thousands of characters, as SentencePiece splits them (make_long_cases.py). */
class LongTextsTest {
  private static final Path FIXTURES = Path.of("src/test/resources/tokenizers");
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final List<String> SEPARATORS = List.of("", " ", "\n", ",  ");

  @TempDir Path output;

  @ParameterizedTest
  @ValueSource(strings = {"bpe", "unigram"})
  void longTextsAreSplitAsSentencePieceDoes(String name) throws Exception {
    Path checkpoint = FIXTURES.resolve(name);
    TokenizerFacts facts = TokenizerConverter.convert(checkpoint, output);
    List<String> texts =
        StreamSupport.stream(read(checkpoint.resolve("cases.json")).spliterator(), false)
            .map(expected -> expected.path("text").textValue())
            .toList();
    JsonNode hashes = read(checkpoint.resolve("long.json"));
    SoftAssertions softly = new SoftAssertions();
    softly.assertThat(hashes).hasSize(320);
    try (Tokenizer tokenizer = Tokenizer.open(output.resolve("tokenizer.json"), facts)) {
      Tokenizer legacy = tokenizer.withLegacy(true);
      for (int i = 0; i < hashes.size(); i++) {
        String text = text(i, texts);
        softly
            .assertThat(sha256(legacy.encode(text)))
            .as("text %d of %d characters", i, text.length())
            .isEqualTo(hashes.get(i).textValue());
      }
    }
    softly.assertAll();
  }

  private static JsonNode read(Path file) throws IOException {
    return JSON.readTree(file.toFile());
  }

  private static String text(int i, List<String> texts) {
    return IntStream.range(0, 150 + i % 100)
        .mapToObj(j -> texts.get((i + j * (2 * i + 1)) % texts.size()))
        .collect(Collectors.joining(SEPARATORS.get(i % 4)));
  }

  private static String sha256(int[] ids) throws NoSuchAlgorithmException {
    String joined = IntStream.of(ids).mapToObj(String::valueOf).collect(Collectors.joining(" "));
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(joined.getBytes(UTF_8));
    return HexFormat.of().formatHex(hash);
  }
}
