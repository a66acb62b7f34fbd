package dev.polylm.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylm.PolyLmException;
import dev.polylm.model.TokenizerFacts;
import java.nio.file.Path;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BrokenTokenizerJsonTest {
  private static final String EMPTY_STEPS = "{\"type\": \"Sequence\", \"normalizers\": []}";

  @TempDir Path folder;

  @Test
  void aMissingFileIsNamed() {
    Path file = folder.resolve("tokenizer.json");

    assertThatThrownBy(() -> Tokenizer.open(file, SmallTokenizer.FACTS))
        .isInstanceOf(PolyLmException.class)
        .hasMessageStartingWith(file + ": can't be read: ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "no", "{", "{}", "{\"model\": 3}", "{\"model\": {}}"})
  void whatIsNoTokenizerIsRefused(String json) {
    refused(json).hasMessageStartingWith(folder.resolve("tokenizer.json") + ": ");
  }

  @Test
  void everyTruncationIsRefused() {
    String json = SmallTokenizer.json().strip();
    for (int length = 0; length < json.length(); length += 97) {
      refused(json.substring(0, length)).hasMessageContaining("tokenizer.json: ");
    }
  }

  @Test
  void modelsOfOtherKindsAreRefused() {
    refused("\"BPE\"", "\"WordPiece\"")
        .hasMessageEndingWith("model: is of type \"WordPiece\", expected BPE or Unigram");
    refused("\"BPE\"", "\"Unigram\"")
        .hasMessageEndingWith("model: vocab is of another form than type Unigram has");
    refused("\"unk_token\": \"<unk>\"", "\"unk_token\": \"?\"")
        .hasMessageEndingWith("model: names no unknown piece among its 272");
  }

  @Test
  void idsThatDoNotFitAreRefused() {
    refused("\"<0x01>\": 4", "\"<0x01>\": 5")
        .hasMessageEndingWith("model: piece \"<0x02>\" has id 5, expected each of 0 to 271 once");
    refused("\"<0x01>\": 4", "\"<0x01>\": 2000000000")
        .hasMessageEndingWith(
            "model: piece \"<0x01>\" has id 2000000000, expected each of 0 to 271 once");
    refused("\"id\": 1,", "\"id\": 7,")
        .hasMessageEndingWith(
            "added_tokens: \"<s>\" has id 7, expected the id of a piece of that name or the next, 272");
    refused("\"<0x01>\": 4", "\"<0x01>!\": 4")
        .hasMessageEndingWith("model: has byte_fallback and 255 byte pieces, expected 256");
  }

  @Test
  void mergesThatLeadNowhereAreRefused() {
    refused("[\"a\", \"b\"]", "[\"a\", \"q\"]")
        .hasMessageEndingWith(
            "model: merges make \"aq\", expected two pieces that are a third together");
    refused("[\"a\", \"b\"]", "[\"\", \"ab\"]")
        .hasMessageEndingWith(
            "model: merges make \"ab\", expected two pieces that are a third together");
    refused("[[\"▁\", \"a\"]", "[7")
        .hasMessageEndingWith("model: a merge is a number, expected an array");
    refused("[\"a\", \"b\"]", "[\"a\"]")
        .hasMessageEndingWith("model: a merge is no pair of two pieces");
    refused("[\"a\", \"b\"]", "[\"a\", \"b\", \"b\"]")
        .hasMessageEndingWith("model: a merge has more than two parts");
    refused("[\"a\", \"b\"]", "\"ab\"")
        .hasMessageEndingWith("model: a merge is no pair of two pieces");
    refused("[\"a\", \"b\"]", "\" ab\"")
        .hasMessageEndingWith(
            "model: merges make \"ab\", expected two pieces that are a third together");
    refused("[\"a\", \"b\"]", "[\"</\", \"s>\"]")
        .hasMessageEndingWith(
            "model: merges make \"</s>\", expected two pieces that are a third together");
    refused("\"vocab\": {", "\"merges\": [], \"vocab\": {")
        .hasMessageEndingWith("model: merges come before vocab, expected them behind it");
  }

  @Test
  void otherNormalizersAreRefused() {
    refused(EMPTY_STEPS, "{\"type\": \"NFC\"}")
        .hasMessageEndingWith(
            "normalizer: has the step {\"type\":\"NFC\"}, expected Precompiled, Strip or Replace");
  }

  @Test
  void brokenCharsMapsAreRefused() {
    refused(EMPTY_STEPS, precompiled("*"))
        .hasMessageEndingWith("normalizer: precompiled_charsmap is no base64");
    refused(EMPTY_STEPS, precompiled(""))
        .hasMessageContaining("precompiled_charsmap: has 0 bytes and says that its trie has -1");
    refused(EMPTY_STEPS, precompiled("////fwAAAAA="))
        .hasMessageContaining("has 8 bytes and says that its trie has 2147483647");
  }

  @Test
  void aTokenThatTheVocabularyLacksIsRefused() {
    TokenizerFacts facts = new TokenizerFacts(false, false, false, "<unk>", "<s>", "<end>");

    assertThatThrownBy(() -> SmallTokenizer.open(folder, facts))
        .isInstanceOf(PolyLmException.class)
        .hasMessageContaining(
            "eosToken is \"<end>\", expected a special token of the vocabulary: ");
    TokenizerFacts unknown = new TokenizerFacts(false, false, false, "<s>", "<s>", "</s>");
    assertThatThrownBy(() -> SmallTokenizer.open(folder, unknown))
        .isInstanceOf(PolyLmException.class)
        .hasMessageEndingWith("unkToken is \"<s>\", expected the model's unknown piece \"<unk>\"");
  }

  private static String precompiled(String charsMap) {
    return "{\"type\": \"Precompiled\", \"precompiled_charsmap\": \"%s\"}".formatted(charsMap);
  }

  private AbstractThrowableAssert<?, ? extends Throwable> refused(String part, String broken) {
    assertThat(SmallTokenizer.json()).contains(part);
    return refused(SmallTokenizer.json().replace(part, broken));
  }

  private AbstractThrowableAssert<?, ? extends Throwable> refused(String json) {
    return assertThatThrownBy(() -> SmallTokenizer.open(folder, SmallTokenizer.FACTS, json))
        .isInstanceOf(PolyLmException.class);
  }
}
