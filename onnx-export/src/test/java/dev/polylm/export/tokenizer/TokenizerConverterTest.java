package dev.polylm.export.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.polylm.PolyLmException;
import dev.polylm.model.TokenizerFacts;
import dev.polylm.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizerConverterTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @TempDir Path checkpoint;
  @TempDir Path output;

  @BeforeEach
  void writeModel() throws IOException {
    ModelBytes.abc().in(checkpoint);
  }

  @Test
  void withoutFurtherFilesTheDefaultsOfTheSlowTokenizerHold() {
    assertThat(TokenizerConverter.convert(checkpoint, output))
        .isEqualTo(new TokenizerFacts(true, true, false, "<unk>", "<s>", "</s>"));
  }

  @Test
  void whatTheConfigSaysIsObeyedAndToldOn() throws IOException {
    TokenizerFacts facts =
        converted(
            """
            {"legacy": false, "add_bos_token": false, "add_eos_token": true, "tokenizer_class": null,
             "bos_token": {"__type": "AddedToken", "content": "</s>", "lstrip": false, "normalized": true},
             "pad_token": null, "sp_model_kwargs": {}}
            """);

    assertThat(facts).isEqualTo(new TokenizerFacts(false, false, true, "<unk>", "</s>", "</s>"));
    JsonNode written = JSON.readTree(output.resolve("tokenizer_config.json").toFile());
    assertThat(written.path("legacy").booleanValue()).isFalse();
    assertThat(written.path("add_eos_token").booleanValue()).isTrue();
    assertThat(written.path("bos_token").textValue()).isEqualTo("</s>");
  }

  @Test
  void mergesComeInTheOrderOfTheMergedPiecesScore() throws IOException {
    TokenizerConverter.convert(checkpoint, output);

    JsonNode json = JSON.readTree(output.resolve("tokenizer.json").toFile());
    assertThat(json.at("/model/merges").toString())
        .isEqualTo("[[\"a\",\"b\"],[\"b\",\"c\"],[\"a\",\"bc\"],[\"ab\",\"c\"]]");
    assertThat(json.at("/pre_tokenizer/prepend_scheme").textValue()).isEqualTo("always");
    assertThat(json.at("/post_processor/single/0/SpecialToken/id").textValue()).isEqualTo("<s>");
    assertThat(json.at("/post_processor/single")).hasSize(2);
  }

  @Test
  void theSameCheckpointGivesTheSameBytes() throws IOException {
    TokenizerConverter.convert(checkpoint, output);
    byte[] first = Files.readAllBytes(output.resolve("tokenizer.json"));
    TokenizerConverter.convert(checkpoint, output);

    assertThat(output.resolve("tokenizer.json")).hasBinaryContent(first);
  }

  @Test
  void specialTokensOfOlderFilesAreKept() throws IOException {
    Files.writeString(
        checkpoint.resolve("special_tokens_map.json"),
        "{\"eos_token\": \"<|end|>\", \"additional_special_tokens\": [\"<|user|>\"]}");
    Files.writeString(
        checkpoint.resolve("added_tokens.json"), "{\"<|user|>\": 11, \"<|end|>\": 10}");

    TokenizerFacts facts = converted("{\"legacy\": false, \"eos_token\": \"</s>\"}");

    try (Tokenizer tokenizer = Tokenizer.open(output.resolve("tokenizer.json"), facts)) {
      assertThat(tokenizer.vocabSize()).isEqualTo(12);
      assertThat(tokenizer.eosTokenId()).isEqualTo(10);
      assertThat(tokenizer.encodeTrusted("a<|user|>b<|end|>")).containsExactly(6, 7, 11, 8, 10);
      assertThat(tokenizer.decode(new int[] {7, 11, 8})).isEqualTo("ab");
    }
  }

  @Test
  void tokensOfTheDecoderMapAreKept() throws IOException {
    TokenizerFacts facts =
        converted(
            """
            {"legacy": false, "pad_token": "<pad>", "added_tokens_decoder":
              {"0": {"content": "<unk>", "special": true}, "10": {"content": "<pad>", "special": true}}}
            """);

    try (Tokenizer tokenizer = Tokenizer.open(output.resolve("tokenizer.json"), facts)) {
      assertThat(tokenizer.pieces(tokenizer.encodeTrusted("<pad>c"))).containsExactly("<pad>", "c");
      assertThat(tokenizer.encode("<pad>c")).doesNotContain(10);
    }
  }

  @Test
  void whatCannotBeConvertedIsNamed() {
    refused("{\"legacy\": \"no\"}")
        .hasMessageEndingWith("legacy is \"no\", expected true or false");
    refused("{\"tokenizer_class\": \"T5Tokenizer\"}")
        .hasMessageEndingWith("tokenizer_class is T5Tokenizer, expected LlamaTokenizer");
    refused("{\"add_prefix_space\": false}")
        .hasMessageEndingWith("add_prefix_space is false, which can't be converted");
    refused("{\"do_lower_case\": true}")
        .hasMessageEndingWith("do_lower_case is true, which can't be converted");
    refused("{\"sp_model_kwargs\": {\"enable_sampling\": true}}")
        .hasMessageEndingWith("sp_model_kwargs is {\"enable_sampling\":true}, expected none");
    refused("{\"unk_token\": \"<s>\"}")
        .hasMessageEndingWith("unk_token is \"<s>\", expected the model's unknown piece \"<unk>\"");
    refused("{\"eos_token\": 7}").hasMessageEndingWith("eos_token is 7, expected a token");
    refused("{\"eos_token\": {\"content\": \"</s>\", \"rstrip\": true}}")
        .hasMessageEndingWith("eos_token \"</s>\" has rstrip, which can't be converted");
  }

  @Test
  void addedTokensThatDoNotFitAreNamed() {
    refused("{\"added_tokens_decoder\": {\"10\": {\"content\": \"new\"}}}")
        .hasMessageEndingWith(
            "added token \"new\" is not among the special tokens [<s>, </s>, <unk>]; only those can be converted");
    refused("{\"added_tokens_decoder\": {\"5\": {\"content\": \"<s>\"}}}")
        .hasMessageEndingWith("added token \"<s>\" has id 5, expected 1");
    refused("{\"added_tokens_decoder\": {\"x\": {\"content\": \"<s>\"}}}")
        .hasMessageEndingWith("added token has the id \"x\", expected a number");
    refused("{\"pad_token\": \"<p>\", \"added_tokens_decoder\": {\"12\": {\"content\": \"<p>\"}}}")
        .hasMessageEndingWith("added tokens have the ids [12], expected all from 10 to 12");
  }

  @Test
  void filesThatAreNoJsonAreNamed() {
    refused("{\"legacy\": fal")
        .hasMessageStartingWith("tokenizer_config.json: is not valid JSON: ");
    refused("[]").hasMessage("tokenizer_config.json: is an array of 0, expected a JSON object");
    refused("").hasMessage("tokenizer_config.json: is empty, expected a JSON object");
  }

  @Test
  void aPieceThatMergesCannotReachIsNamed() throws IOException {
    ModelBytes.abc().piece("ax", -9, ModelBytes.NORMAL).in(checkpoint);

    refused("{}")
        .hasMessageEndingWith("piece \"ax\" can't be reached by merges: \"x\" is not a piece");
  }

  @Test
  void aFolderThatIsNotThereIsNamed() {
    Path missing = output.resolve("missing");

    assertThatThrownBy(() -> TokenizerConverter.convert(checkpoint, missing))
        .isInstanceOf(PolyLmException.class)
        .hasMessageStartingWith(missing + ": the tokenizer can't be written: ");
  }

  private TokenizerFacts converted(String config) throws IOException {
    Files.writeString(checkpoint.resolve("tokenizer_config.json"), config);
    return TokenizerConverter.convert(checkpoint, output);
  }

  private AbstractThrowableAssert<?, ? extends Throwable> refused(String config) {
    return assertThatThrownBy(() -> converted(config)).isInstanceOf(PolyLmException.class);
  }
}
