package dev.polylm.tokenizer;

import static dev.polylm.tokenizer.SmallTokenizer.bytes;
import static dev.polylm.tokenizer.SmallTokenizer.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylm.PolyLmException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamingDecoderTest {
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
  void theFirstBoundaryIsDroppedAndLaterOnesAreSpaces() {
    assertThat(streamed(id("▁a"), id("▁b"), id("▁"), id("ab")))
        .containsExactly("a", " b", " ", "ab", "");
  }

  @Test
  void specialTokensAreSkippedWhereverTheyAre() {
    assertThat(streamed(1, id("▁a"), 2, id("▁b"), 0)).containsExactly("", "a", "", " b", "", "");
  }

  @Test
  void aCharacterComesWithItsLastByte() {
    assertThat(streamed(bytes(0xF0, 0x9F, 0x99, 0x82))).containsExactly("", "", "", "🙂", "");
    assertThat(streamed(bytes(0xC3, 0xA9, 0x41))).containsExactly("", "é", "A", "");
    assertThat(streamed(bytes(0xE4, 0xB8, 0xAD))).containsExactly("", "", "中", "");
  }

  @Test
  void aSpecialTokenDoesNotEndARunOfBytes() {
    int[] ids = bytes(0xC3, 0xA9);

    assertThat(streamed(ids[0], 2, ids[1])).containsExactly("", "", "é", "");
  }

  @Test
  void aPieceEndsARunOfBytes() {
    assertThat(streamed(bytes(0xE4)[0], bytes(0xB8)[0], id("a"), bytes(0xAD)[0]))
        .containsExactly("", "", "\uFFFD\uFFFDa", "\uFFFD", "");
  }

  @Test
  void eachByteThatBeginsNoCharacterIsReplacedAtOnce() {
    assertThat(streamed(bytes(0x80, 0xC1, 0xF5, 0xFF)))
        .containsExactly("\uFFFD", "\uFFFD", "\uFFFD", "\uFFFD", "");
    assertThat(streamed(bytes(0xE0, 0x80))).containsExactly("", "\uFFFD\uFFFD", "");
    assertThat(streamed(bytes(0xED, 0xA0))).containsExactly("", "\uFFFD\uFFFD", "");
    assertThat(streamed(bytes(0xF0, 0x8F))).containsExactly("", "\uFFFD\uFFFD", "");
    assertThat(streamed(bytes(0xF4, 0x90))).containsExactly("", "\uFFFD\uFFFD", "");
    assertThat(streamed(bytes(0xF0, 0x9F, 0x41))).containsExactly("", "", "\uFFFD\uFFFDA", "");
    assertThat(streamed(bytes(0xE4, 0xC3, 0xA9))).containsExactly("", "\uFFFD", "é", "");
  }

  @Test
  void bytesThatAreStillHeldComeAtTheEnd() {
    assertThat(streamed(bytes(0xF0, 0x9F, 0x99))).containsExactly("", "", "", "\uFFFD\uFFFD\uFFFD");
  }

  @Test
  void whatIsNoPieceWithoutItsBoundaryIsKeptAsItIs() {
    assertThat(streamed(id("▁▁x"))).containsExactly("▁x", "");
    assertThat(streamed(id("a"), id("▁▁x"))).containsExactly("a", "  x", "");
  }

  @Test
  void legacyDropsOneBoundaryMore() {
    int[] ids = {id("▁"), id("▁a"), id("▁b")};

    assertThat(tokenizer.decode(ids)).isEqualTo(" a b");
    assertThat(tokenizer.withLegacy(true).decode(ids)).isEqualTo("a b");
  }

  @Test
  void whatIsStreamedIsWhatIsDecodedInWholeCharacters() {
    Random random = new Random(5);
    for (int round = 0; round < 2_000; round++) {
      int[] ids =
          IntStream.range(0, random.nextInt(24))
              .map(
                  i ->
                      random.nextBoolean()
                          ? random.nextInt(272)
                          : bytes(0xC0)[0] + random.nextInt(0x40))
              .toArray();
      List<String> parts = streamed(ids);
      assertThat(String.join("", parts)).isEqualTo(tokenizer.decode(ids));
      assertThat(parts).allMatch(StreamingDecoderTest::isWhole);
    }
  }

  private static boolean isWhole(String text) {
    return text.codePoints().noneMatch(c -> Character.getType(c) == Character.SURROGATE);
  }

  @Test
  void aFinishedDecoderSaysSo() {
    StreamingDecoder decoder = tokenizer.streamingDecoder();
    decoder.finish();

    String message = "the decoder has finished; begin another for another text";
    assertThatThrownBy(decoder::finish)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(message);
    assertThatThrownBy(() -> decoder.accept(1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(message);
  }

  @Test
  void anIdOutsideTheVocabularyIsRefusedAndChangesNothing() {
    StreamingDecoder decoder = tokenizer.streamingDecoder();

    assertThatThrownBy(() -> decoder.accept(272))
        .isInstanceOf(PolyLmException.class)
        .hasMessage("id 272 is outside the vocabulary, expected 0 to 271");
    assertThat(decoder.accept(id("▁a"))).isEqualTo("a");
  }

  @Test
  void aDecoderOutlivesItsTokenizer() {
    StreamingDecoder decoder = tokenizer.streamingDecoder();
    tokenizer.close();

    assertThat(decoder.accept(id("▁ab"))).isEqualTo("ab");
  }

  /** What each id gives, then what the end gives. */
  private List<String> streamed(int... ids) {
    StreamingDecoder decoder = tokenizer.streamingDecoder();
    List<String> parts = new ArrayList<>();
    for (int id : ids) {
      parts.add(decoder.accept(id));
    }
    parts.add(decoder.finish());
    return parts;
  }
}
