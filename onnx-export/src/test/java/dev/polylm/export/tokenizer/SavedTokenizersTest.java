package dev.polylm.export.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.polylm.PolyLmException;
import dev.polylm.model.TokenizerFacts;
import dev.polylm.prompt.ChatMessage;
import dev.polylm.prompt.PromptForm;
import dev.polylm.prompt.Role;
import dev.polylm.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tokenizers as transformers 4 and 5 save them, and the ids they give (make_saved.py). */
class SavedTokenizersTest {
  private static final Path SAVED = Path.of("src/test/resources/tokenizers/saved");

  private static final JsonMapper JSON = JsonMapper.builder().build();

  @TempDir Path output;
  @TempDir Path copies;

  @ParameterizedTest
  @CsvSource({
    "5-base,154",
    "5-bos-eos,154",
    "5-legacy,154",
    "5-words,154",
    "5-chat,156",
    "5-other-chat,154",
    "5-backend,154",
    "4-bpe,154",
    "4-bpe-legacy,154",
    "4-unigram,153",
    "4-unigram-legacy,153",
    "4-generic,154"
  })
  void idsAreThoseOfTheVersionThatSavedIt(String name, int cases) throws IOException {
    TokenizerFacts facts = TokenizerConverter.convert(SAVED.resolve(name), output);
    JsonNode all = JSON.readTree(SAVED.resolve(name).resolve("cases.json").toFile());
    assertThat(all).hasSize(cases);
    SoftAssertions softly = new SoftAssertions();
    try (Tokenizer tokenizer = Tokenizer.open(output.resolve("tokenizer.json"), facts)) {
      for (JsonNode expected : all) {
        softly
            .assertThat(ids(tokenizer, expected))
            .as("%s", expected)
            .isEqualTo(
                IntStream.range(0, expected.path("ids").size())
                    .map(i -> expected.path("ids").get(i).intValue())
                    .toArray());
      }
    }
    softly.assertAll();
  }

  @Test
  void aCopiedTokenizerModelBesideThemChangesNothing() throws IOException {
    TokenizerFacts facts = TokenizerConverter.convert(SAVED.resolve("5-chat"), output);
    byte[] expected = Files.readAllBytes(output.resolve("tokenizer.json"));

    assertThat(TokenizerConverter.convert(copyWithModel("5-chat", "bpe"), output))
        .isEqualTo(facts)
        .isEqualTo(new TokenizerFacts(false, true, false, false, "<unk>", "<s>", "</s>"));
    assertThat(output.resolve("tokenizer.json")).hasBinaryContent(expected);
  }

  @Test
  void aTokenizerModelOfOthersPiecesIsNamed() throws IOException {
    refused(copyWithModel("5-base", "unigram"))
        .hasMessage(
            "tokenizer.json was not made from the tokenizer.model beside it: its type is BPE, that of"
                + " tokenizer.model is Unigram; remove the one that does not belong to the checkpoint");
    refused(copyWithModel("4-bpe", "unigram")).hasMessageContaining("its type is BPE, that of");

    Path changed = copyWithModel("5-base", "bpe");
    replace(changed, "\"\u3002\": 917", "\"Q\u3002\": 917");
    refused(changed)
        .hasMessageContaining("piece 917 is \"Q\u3002\", that of tokenizer.model is \"\u3002\"");
  }

  @Test
  void mergesOfAnotherOrderThanTheModelsAreNamed() throws IOException {
    Path swapped = copyWithModel("5-base", "bpe");
    JsonNode json = JSON.readTree(swapped.resolve("tokenizer.json").toFile());
    ArrayNode merges = (ArrayNode) json.at("/model/merges");
    merges.add(merges.remove(0));
    JSON.writeValue(swapped.resolve("tokenizer.json").toFile(), json);
    refused(swapped)
        .hasMessageContaining("its merge to \"an\" has another rank than in tokenizer.model");

    merges.remove(merges.size() - 1);
    merges.insertArray(0).add("\u2581").add("B");
    merges.remove(merges.size() - 1);
    JSON.writeValue(swapped.resolve("tokenizer.json").toFile(), json);
    refused(swapped).hasMessageContaining("it lacks the merge to ");
  }

  @Test
  void whatTransformers5LeftInTokenizerJsonIsNotGuessed() throws IOException {
    Path folder = copyWithModel("5-base", "bpe");
    Files.delete(folder.resolve("tokenizer.json"));

    refused(folder)
        .hasMessage(
            folder.resolve("tokenizer.json")
                + ": is missing; transformers 5 saved this tokenizer and keeps there what begins"
                + " and ends a text");
  }

  @Test
  void otherKindsAreNamed() throws IOException {
    otherKind("\"type\": \"BPE\"", "\"type\": \"WordPiece\"")
        .hasMessageEndingWith(
            "model: is of type WordPiece, expected BPE or Unigram, as LlamaTokenizer has it");
    otherKind("\"ignore_merges\": false", "\"ignore_merges\": true")
        .hasMessageEndingWith("model: ignore_merges is true, which LlamaTokenizer never has");
    otherKind("\"prepend_scheme\": \"first\"", "\"prepend_scheme\": \"never\"")
        .hasMessageContaining("expected Metaspace with prepend_scheme first or always");
    otherKind("\"normalizer\": null", "\"normalizer\": {\"type\": \"NFC\"}")
        .hasMessageContaining("normalizer is \"NFC\" beside the pre_tokenizer \"Metaspace\"");
    otherKind("\"type\": \"TemplateProcessing\"", "\"type\": \"ByteLevel\"")
        .hasMessageEndingWith("post_processor is \"ByteLevel\", expected TemplateProcessing");
    otherKind("\"lstrip\": false", "\"lstrip\": true")
        .hasMessageEndingWith("added_tokens \"<unk>\" has lstrip, which can't be converted");
  }

  @Test
  void aFileThatLiesIsNamed() throws IOException {
    otherKind("\"</s>\": 2,", "\"</s>\": 3,")
        .hasMessageContaining("expected each of 0 to 1199 once");
    otherKind("\"</s>\": 2,", "\"</s>\": -2,")
        .hasMessageContaining("has id -2, expected each of 0 to 1199 once");
    otherKind("\"</s>\": 2,", "\"</s>\": true,").hasMessageContaining("is not a tokenizer.json: ");
    otherKind("\"merges\": [", "\"merges\": [[\"a\", \"nothing\"],")
        .hasMessageEndingWith(
            "model: merge 0, of \"a\" and \"nothing\", does not form a piece from two pieces");
    otherKind("\"merges\": [", "\"merges\": [[\"a\", {}],")
        .hasMessageEndingWith("tokenizer.json: model: a merge is not a pair");
    otherKind("\"merges\": [", "\"merges\": 7, \"more\": [")
        .hasMessageEndingWith("model: merges are not a list");
  }

  private AbstractThrowableAssert<?, ? extends Throwable> otherKind(String from, String to)
      throws IOException {
    Path folder = copyWithModel("5-base", "bpe");
    Files.delete(folder.resolve("tokenizer.model"));
    replace(folder, from, to);
    return refused(folder);
  }

  private AbstractThrowableAssert<?, ? extends Throwable> refused(Path folder) {
    return assertThatThrownBy(() -> TokenizerConverter.convert(folder, output))
        .isInstanceOf(PolyLmException.class);
  }

  private static void replace(Path folder, String from, String to) throws IOException {
    Path file = folder.resolve("tokenizer.json");
    String json = Files.readString(file);
    assertThat(json).contains(from);
    Files.writeString(file, json.replace(from, to));
  }

  private Path copyWithModel(String saved, String model) throws IOException {
    Path folder = Files.createTempDirectory(copies, "copy");
    for (String name : List.of("config.json", "tokenizer.json", "tokenizer_config.json")) {
      Files.copy(SAVED.resolve(saved).resolve(name), folder.resolve(name));
    }
    Files.copy(SAVED.resolve(model).resolve("tokenizer.model"), folder.resolve("tokenizer.model"));
    return folder;
  }

  private static int[] ids(Tokenizer tokenizer, JsonNode expected) {
    if (expected.has("text")) {
      return tokenizer.encodePrompt(expected.path("text").textValue(), true);
    }
    List<ChatMessage> messages = new ArrayList<>();
    expected
        .path("messages")
        .forEach(
            message ->
                messages.add(
                    new ChatMessage(
                        Role.valueOf(message.path("role").textValue().toUpperCase(Locale.ROOT)),
                        message.path("content").textValue())));
    return tokenizer.encodePrompt(PromptForm.CHAT.chat(messages).parts());
  }
}
