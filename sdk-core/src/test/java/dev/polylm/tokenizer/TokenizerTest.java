package dev.polylm.tokenizer;

import static dev.polylm.tokenizer.SmallTokenizer.bytes;
import static dev.polylm.tokenizer.SmallTokenizer.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylm.PolyLmException;
import dev.polylm.model.TokenizerFacts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizerTest {
  @TempDir Path folder;
  private Tokenizer tokenizer;

  @BeforeEach
  void open() throws IOException {
    tokenizer = SmallTokenizer.open(folder);
  }

  @AfterEach
  void close() {
    tokenizer.close();
  }

  @Test
  void specialTokensAreParsedInTrustedTextAlone() {
    assertThat(tokenizer.encodeTrusted("a</s>b")).containsExactly(id("▁a"), 2, id("b"));
    assertThat(tokenizer.encode("a</s>"))
        .containsExactly(id("▁a"), id("<"), id("/"), id("s"), id(">"));
  }

  @Test
  void legacyPutsAPrefixAfterASpecialToken() {
    Tokenizer legacy = tokenizer.withLegacy(true);

    assertThat(legacy.encodeTrusted("a</s>b")).containsExactly(id("▁a"), 2, id("▁b"));
    assertThat(legacy.withLegacy(false).encodeTrusted("a</s>b"))
        .isEqualTo(tokenizer.encodeTrusted("a</s>b"));
  }

  @Test
  void aPromptBeginsAndEndsAsTheFactsSay() throws IOException {
    assertThat(tokenizer.encodePrompt("a", false)).containsExactly(1, id("▁a"), 2);
    assertThat(tokenizer.encodePrompt("", true)).containsExactly(1, 2);
    TokenizerFacts bare = new TokenizerFacts(false, false, false, "<unk>", "<s>", "</s>");
    try (Tokenizer without = SmallTokenizer.open(folder, bare)) {
      assertThat(without.encodePrompt("a", false)).containsExactly(id("▁a"));
    }
  }

  @Test
  void theIdsOfTheTokensThatMatterAreKnown() {
    assertThat(tokenizer.vocabSize()).isEqualTo(272);
    assertThat(tokenizer.unkTokenId()).isZero();
    assertThat(tokenizer.bosTokenId()).isEqualTo(1);
    assertThat(tokenizer.eosTokenId()).isEqualTo(2);
  }

  @Test
  void anEmptyTextHasNoIdsAndNoIdsHaveNoText() {
    assertThat(tokenizer.encode("")).isEmpty();
    assertThat(tokenizer.encodeTrusted("")).isEmpty();
    assertThat(tokenizer.decode(new int[0])).isEmpty();
    assertThat(tokenizer.pieces(new int[0])).isEmpty();
  }

  @Test
  void whatIsNoTextIsRefused() {
    assertThatThrownBy(() -> tokenizer.encode(null)).isInstanceOf(NullPointerException.class);
  }

  @Test
  void aLongTextIsNeverCut() {
    String text = "a".repeat(100_000);

    assertThat(tokenizer.encode(text)).hasSize(100_000);
    assertThat(tokenizer.decode(tokenizer.encode(text))).isEqualTo(text);
  }

  @Test
  void charactersThatNoPieceHasAreSpelledInBytes() {
    assertThat(tokenizer.encode("🙂é\u0000"))
        .containsExactly(id("▁"), id("🙂"), bytes(0xC3)[0], bytes(0xA9)[0], bytes(0)[0]);
    assertThat(tokenizer.pieces(tokenizer.encode("\n"))).containsExactly("▁", "<0x0A>");
    assertThat(tokenizer.decode(tokenizer.encode("a🙂中\u0000e\u0301\n")))
        .isEqualTo("a🙂中\u0000e\u0301\n");
  }

  @Test
  void halfASurrogatePairIsRefused() {
    assertThatThrownBy(() -> tokenizer.encode("a\uD83D"))
        .isInstanceOf(PolyLmException.class)
        .hasMessage(
            "the text has half of a surrogate pair at character 2, expected whole characters");
    assertThatThrownBy(() -> tokenizer.encodeTrusted("\uDE42</s>\uD83D"))
        .isInstanceOf(PolyLmException.class)
        .hasMessage(
            "the text has half of a surrogate pair at character 1, expected whole characters");
  }

  @Test
  void idsOutsideTheVocabularyAreRefused() {
    assertThatThrownBy(() -> tokenizer.decode(new int[] {1, 272}))
        .isInstanceOf(PolyLmException.class)
        .hasMessage("id 272 is outside the vocabulary, expected 0 to 271");
    assertThatThrownBy(() -> tokenizer.pieces(new int[] {-1}))
        .isInstanceOf(PolyLmException.class)
        .hasMessage("id -1 is outside the vocabulary, expected 0 to 271");
  }

  @Test
  void idsOfAPaddedModelThatNoPieceHasAreNothing() throws IOException {
    Path file = folder.resolve("tokenizer.json");
    try (Tokenizer padded = Tokenizer.open(file, SmallTokenizer.FACTS, 274)) {
      int[] bytes = bytes(0xC3, 0xA9);
      assertThat(padded.vocabSize()).isEqualTo(272);
      assertThat(padded.decode(new int[] {id("▁a"), 272, id("b"), 273})).isEqualTo("ab");
      assertThat(padded.decode(new int[] {272, id("▁a")})).isEqualTo("a");
      assertThat(padded.decode(new int[] {bytes[0], 272, bytes[1]})).isEqualTo("é");
      assertThat(padded.bytes(273)).isEmpty();
      assertThat(padded.pieces(new int[] {1, 273})).containsExactly("<s>", "");
      assertThatThrownBy(() -> padded.decode(new int[] {274}))
          .isInstanceOf(PolyLmException.class)
          .hasMessage("id 274 is outside the vocabulary, expected 0 to 273");
    }
    try (Tokenizer larger = Tokenizer.open(file, SmallTokenizer.FACTS, 200)) {
      assertThat(larger.decode(new int[] {id("▁a")})).isEqualTo("a");
    }
    assertThatThrownBy(() -> Tokenizer.open(file, SmallTokenizer.FACTS, 0))
        .isInstanceOf(PolyLmException.class)
        .hasMessage("the model's vocabulary has 0 ids, expected at least 1");
  }

  @Test
  void aTextThatCannotFitIsRefusedByItsCharacters() {
    String longest = "<0x00>"; // six characters

    tokenizer.checkFits(longest.repeat(10), 10);
    assertThatThrownBy(() -> tokenizer.checkFits(longest.repeat(10) + "a", 10))
        .isInstanceOf(PolyLmException.class)
        .hasMessage("the text has 61 characters, expected at most 60: 10 ids can't hold more");
    List<TextPart> parts = List.of(new TextPart("a".repeat(30), true), new TextPart("a", false));
    tokenizer.checkFits(parts, 6);
    assertThatThrownBy(() -> tokenizer.checkFits(parts, 5))
        .isInstanceOf(PolyLmException.class)
        .hasMessage("the text has 31 characters, expected at most 30: 5 ids can't hold more");
  }

  @Test
  void whereSpacesAreRemovedOnlyWhatIsLeftCounts() throws IOException {
    String json = SmallTokenizer.json().replace("\"normalizers\": []", "\"normalizers\": [%s]");
    String stripping = json.formatted("{\"type\": \"Strip\"}");
    try (Tokenizer removing = SmallTokenizer.open(folder, SmallTokenizer.FACTS, stripping)) {
      removing.checkFits(" ".repeat(1_000_000) + "a".repeat(80), 10);
      removing.checkFits("▁".repeat(1_000_000), 10);
      assertThatThrownBy(() -> removing.checkFits(" ".repeat(1_000) + "a".repeat(81), 10))
          .isInstanceOf(PolyLmException.class)
          .hasMessage("the text has 1081 characters, expected at most 80: 10 ids can't hold more");
    }
  }

  @Test
  void whereAnUnknownIdStandsForManyCharactersNoTextIsRefused() throws IOException {
    String json =
        SmallTokenizer.json().replace("\"byte_fallback\": true", "\"byte_fallback\": false");
    try (Tokenizer unknowing = SmallTokenizer.open(folder, SmallTokenizer.FACTS, json)) {
      String text = "é".repeat(1_000);

      unknowing.checkFits(text, 10);
      assertThat(unknowing.encode("a" + text + "b")).containsExactly(id("▁a"), 0, id("b"));
    }
  }

  @Test
  void aClosedTokenizerSaysSo() {
    Tokenizer view = tokenizer.withLegacy(true);
    tokenizer.close();
    tokenizer.close();

    List<Callable<Object>> calls =
        List.of(
            () -> tokenizer.encode(""),
            () -> view.encodeTrusted("a"),
            () -> tokenizer.encodePrompt("a", false),
            () -> tokenizer.decode(new int[] {1}),
            () -> tokenizer.pieces(new int[] {1}),
            () -> tokenizer.streamingDecoder());
    for (Callable<Object> call : calls) {
      assertThatThrownBy(call::call)
          .isInstanceOf(PolyLmException.class)
          .hasMessage("the tokenizer is closed");
    }
  }

  @Test
  void manyThreadsGetWhatOneGets() throws Exception {
    String text = "ab a</s>b 🙂 é ".repeat(50);
    int[] expected = tokenizer.encodeTrusted(text);
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<Boolean>> answers = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        answers.add(threads.submit(() -> isSame(text, expected)));
      }
      for (Future<Boolean> answer : answers) {
        assertThat(answer.get()).isTrue();
      }
    } finally {
      threads.shutdown();
    }
  }

  private boolean isSame(String text, int[] expected) {
    return Arrays.equals(tokenizer.encodeTrusted(text), expected)
        && tokenizer.decode(expected).equals(text.replace("</s>", ""));
  }
}
