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
        .hasMessageEndingWith("model: vocab does not have the form of type Unigram has");
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
            "added_tokens: \"<s>\" has id 7, expected the id of a piece of that name or the next id, 272");
    refused("\"<0x01>\": 4", "\"<0x01>!\": 4")
        .hasMessageEndingWith("model: has byte_fallback and 255 byte pieces, expected 256");
  }

  @Test
  void mergesThatLeadNowhereAreRefused() {
    refused("[\"a\", \"b\"]", "[\"a\", \"q\"]")
        .hasMessageEndingWith("model: merges make \"aq\", expected two pieces that form a third");
    refused("[\"a\", \"b\"]", "[\"\", \"ab\"]")
        .hasMessageEndingWith("model: merges make \"ab\", expected two pieces that form a third");
    refused("[[\"▁\", \"a\"]", "[7")
        .hasMessageEndingWith("model: a merge is a number, expected an array");
    refused("[\"a\", \"b\"]", "[\"a\"]")
        .hasMessageEndingWith("model: a merge is not a pair of two pieces");
    refused("[\"a\", \"b\"]", "[\"a\", \"b\", \"b\"]")
        .hasMessageEndingWith("model: a merge has more than two parts");
    refused("[\"a\", \"b\"]", "\"ab\"")
        .hasMessageEndingWith("model: a merge is not a pair of two pieces");
    refused("[\"a\", \"b\"]", "\" ab\"")
        .hasMessageEndingWith("model: merges make \"ab\", expected two pieces that form a third");
    refused("[\"a\", \"b\"]", "[\"</\", \"s>\"]")
        .hasMessageEndingWith("model: merges make \"</s>\", expected two pieces that form a third");
    refused("\"vocab\": {", "\"merges\": [], \"vocab\": {")
        .hasMessageEndingWith("model: merges come before vocab, expected them after it");
  }

  @Test
  void addedTokensThatDoNotFitAreRefused() {
    String bos = "{\"id\": 1, \"content\": \"<s>\",";
    refused(bos, "{\"id\": 272, \"content\": \"\",")
        .hasMessageEndingWith("added_tokens: piece 272 is empty");
    refused(bos, "{\"id\": 272, \"content\": \"</s>\",")
        .hasMessageEndingWith("added_tokens: piece \"</s>\" occurs twice, with the ids 2 and 272");
    refused(bos, "{\"id\": 2, \"content\": \"</s>\",")
        .hasMessageEndingWith("added_tokens: \"</s>\" occurs twice");
    refused(bos, "{\"id\": 99999999999, \"content\": \"<s>\",")
        .hasMessageContaining("added_tokens: \"<s>\" has id -1, expected the id of a piece");
    refused(bos, "{\"content\": \"<s>\",")
        .hasMessageContaining("added_tokens: \"<s>\" has id -1, expected the id of a piece");
    refused(bos, "{\"id\": \"1\", \"content\": \"<s>\",")
        .hasMessageEndingWith("added_tokens: id is a text, expected an integer");
    refused(bos, "{\"id\": 1, \"content\": [],")
        .hasMessageEndingWith("added_tokens: content is an array, expected a text");
    refused(bos, "{\"id\": 1.5, \"content\": \"<s>\",")
        .hasMessageEndingWith("added_tokens: id is a number, expected an integer");
    refused("\"special\": true", "\"special\": null")
        .hasMessageEndingWith("added_tokens: special is null, expected true or false");
    refused(bos, "3, " + bos).hasMessageContaining("added_tokens: token 1 is a number");
    refused("{\"added_tokens\": {}}")
        .hasMessageEndingWith("added_tokens is an object, expected an array");
    refused("{\"added_tokens\": [%s]}".formatted("{},".repeat(65_536) + "{}"))
        .hasMessageEndingWith("added_tokens: has more than 65536 tokens");
  }

  @Test
  void piecesThatAreNoTextsAreRefused() {
    refused("\"🙂\":", "\"\":").hasMessageEndingWith("model: piece 271 is empty");
    refused("\"🙂\":", "\"\\ud83d\":")
        .hasMessageContaining("is not a tokenizer.json: Broken surrogate pair");
    refused("\"🙂\":", "\"%s\":".formatted("a".repeat(257)))
        .hasMessageEndingWith("model: piece 271 has 257 characters, expected at most 256");
    refused("\"🙂\":", "\"ab\":")
        .hasMessageEndingWith("model: piece \"ab\" occurs twice, with the ids 268 and 271");
    refused("\"🙂\": 271", "\"🙂\": null")
        .hasMessageEndingWith("model: the id of a piece is null, expected an integer");
    refused("\"vocab\": {", "\"vocab\": {\"x\": 0}, \"vocab\": {")
        .hasMessageEndingWith("model: vocab occurs twice");
    refused("\"vocab\": {", "\"vocab\": 3, \"w\": {")
        .hasMessageEndingWith("model: vocab is neither an array nor an object");
    refused("{\"model\": {\"type\": 3}}")
        .hasMessageEndingWith("model: type is a number, expected a text");
    refused("\"unk_token\": \"<unk>\"", "\"unk_token\": {}")
        .hasMessageEndingWith("model: unk_token is an object, expected a text");
    refused("\"unk_token\": \"<unk>\"", "\"unk_token\": null")
        .hasMessageEndingWith("model: names no unknown piece among its 272");
  }

  @Test
  void morePiecesThanMemoryHoldsAreRefused() {
    StringBuilder pieces = new StringBuilder();
    for (int i = 0; i < 16_400; i++) {
      pieces.append(i == 0 ? "" : ",").append('"').append("%06d".formatted(i));
      pieces.append("z".repeat(250)).append("\":").append(i);
    }
    refused("{\"model\": {\"vocab\": {%s}}}".formatted(pieces))
        .hasMessageEndingWith("model: has more than 1048576 pieces of 4194304 characters together");
  }

  @Test
  void brokenUnigramModelsAreRefused() {
    unigramRefused("3")
        .hasMessageEndingWith("model: vocab entry 1: the pair is a number, expected an array");
    unigramRefused("[\"a\"]")
        .hasMessageEndingWith("model: vocab entry 1: the score is an array, expected a number");
    unigramRefused("[1, 2]")
        .hasMessageEndingWith("model: vocab entry 1: the piece is a number, expected a text");
    unigramRefused("[\"a\", \"b\"]")
        .hasMessageEndingWith("model: vocab entry 1: the score is a text, expected a number");
    unigramRefused("[\"a\", 1e999]")
        .hasMessageEndingWith("model: vocab entry 1: is not a pair of a piece and a score");
    unigramRefused("[\"a\", 1, 2]")
        .hasMessageEndingWith("model: vocab entry 1: is not a pair of a piece and a score");
    unigramRefused("[\"\\ud83d\", -1]").hasMessageContaining("surrogate pair");
    unigramRefused("[\"\\ude42\", -1]").hasMessageContaining("surrogate pair");
    unigramRefused("[\"<unk>\", -1]")
        .hasMessageEndingWith(
            "model: vocab entry 1: piece \"<unk>\" occurs twice, with the ids 0 and 1");
    for (int unkId : new int[] {-1, 1}) {
      refused(
              "{\"model\": {\"type\": \"Unigram\", \"unk_id\": %d, \"vocab\": [[\"a\", -1]]}}"
                  .formatted(unkId))
          .hasMessageEndingWith("model: names no unknown piece among its 1");
    }
  }

  private AbstractThrowableAssert<?, ? extends Throwable> unigramRefused(String entry) {
    return refused(
        "{\"model\": {\"type\": \"Unigram\", \"unk_id\": 0, \"vocab\": [[\"<unk>\", 0], %s]}}"
            .formatted(entry));
  }

  @Test
  void mergesThatMakeASpecialTokenAreRefused() {
    refused("[\"a\", \"b\"]", "[\"a\", \"b\"], [\"<\", \"/s>\"]")
        .hasMessageEndingWith("model: merges make \"</s>\", which is not part of a text");
  }

  @Test
  void jsonThatIsTooDeepIsRefused() {
    for (String deep : new String[] {"[".repeat(100_000), "{\"a\":".repeat(100_000)}) {
      refused("{\"padding\": " + deep).hasMessageContaining("is not a tokenizer.json: ");
      refused("{\"normalizer\": {\"x\": " + deep).hasMessageContaining("is not a tokenizer.json: ");
      refused("{\"model\": {\"x\": " + deep).hasMessageContaining("is not a tokenizer.json: ");
    }
  }

  @Test
  void whatATerminalWouldObeyIsNotShown() {
    String escape = "\\u001b[31m\\u009b31m";
    refused("\"BPE\"", "\"%s\"".formatted(escape))
        .hasMessageEndingWith("model: is of type \"?[31m?31m\", expected BPE or Unigram");
    refused("\"<0x01>\": 4", "\"%s\": 5".formatted(escape))
        .hasMessageNotContaining("\u001B")
        .hasMessageNotContaining("\u009B");
    refused(
            "{\"id\": 1, \"content\": \"<s>\",",
            "{\"id\": 1, \"content\": \"%s\",".formatted(escape))
        .hasMessageContaining("added_tokens: \"?[31m?31m\" has id 1");
    refused(EMPTY_STEPS, "{\"type\": \"%s\"}".formatted(escape))
        .hasMessageContaining("has the step {\"type\":\"?[31m?31m\"}");
    refused("{\"padding\": a\u001Bb}").hasMessageNotContaining("\u001B");
  }

  @Test
  void brokenSequencesOfNormalizersAreRefused() {
    refused(EMPTY_STEPS, "[]").hasMessageEndingWith("normalizer is an array, expected an object");
    refused(EMPTY_STEPS, "{\"type\": \"Sequence\", \"normalizers\": 3}")
        .hasMessageEndingWith("normalizer: normalizers is a number, expected an array");
    refused(EMPTY_STEPS, "{\"type\": \"Sequence\", \"normalizers\": [%s]}".formatted(EMPTY_STEPS))
        .hasMessageEndingWith("normalizer: has a sequence within a sequence");
    refused(EMPTY_STEPS, "{\"type\": \"Sequence\", \"normalizers\": [{\"type\": \"Sequence\"}]}")
        .hasMessageContaining("normalizer: has the step {\"type\":\"Sequence\"}");
    refused(EMPTY_STEPS, "{}").hasMessageContaining("normalizer: has the step {\"type\":\"\"}");
    refused(EMPTY_STEPS, "{\"type\": \"Precompiled\", \"precompiled_charsmap\": 7}")
        .hasMessageEndingWith("normalizer: precompiled_charsmap is a number, expected a text");
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
        .hasMessageEndingWith("normalizer: precompiled_charsmap is not base64");
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
