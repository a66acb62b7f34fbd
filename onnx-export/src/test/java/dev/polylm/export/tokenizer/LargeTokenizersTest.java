package dev.polylm.export.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.polylm.PolyLmException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokenizers that ask for more memory or time than there is; they are read with 256 MB. */
class LargeTokenizersTest {
  @TempDir Path folder;

  private Path model(byte[]... parts) throws IOException {
    Path file = folder.resolve("tokenizer.model");
    try (OutputStream out = Files.newOutputStream(file)) {
      for (byte[] part : parts) {
        out.write(part);
      }
    }
    return file;
  }

  /** What reading the model says, in a process of 256 MB. */
  private String converted() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                LargeTokenizersTest.class.getName(),
                folder.toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    return output.replace(folder.resolve("tokenizer.model").toString(), "F").strip();
  }

  /** Reads a model as an export does. */
  public static void main(String[] args) throws IOException {
    Path folder = Path.of(args[0]);
    try {
      TokenizerConverter.convert(folder, Files.createDirectories(folder.resolve("out")));
      System.out.println("read");
    } catch (PolyLmException e) {
      System.out.println(e.getMessage());
    }
  }

  @Test
  void millionsOfEmptyPiecesAreRefused() throws Exception {
    byte[] empty = new byte[60 << 20];
    for (int i = 0; i < empty.length; i += 2) {
      empty[i] = 1 << 3 | 2;
    }
    model(empty);
    assertThat(converted()).isEqualTo("F: has 62914560 bytes, expected at most 16777216");
    model(Arrays.copyOf(empty, 16 << 20));
    assertThat(converted()).isEqualTo("F: piece 0 has 0 characters, expected 1 to 256");
  }

  /** The smallest message of a piece: its text, of three letters. */
  private static byte[] shortPieces(int count) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < count; i++) {
      String text = Integer.toString(i, 36);
      out.write(1 << 3 | 2);
      out.write(2 + text.length());
      out.write(1 << 3 | 2);
      out.write(text.length());
      out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }
    return out.toByteArray();
  }

  @Test
  void morePiecesThanAnyVocabularyAreRefused() throws Exception {
    model(shortPieces(1_000_000));
    assertThat(converted()).isEqualTo("F: has more than 500000 pieces");
  }

  /** All texts of a and b up to a length: each cut of each is a merge. */
  private static byte[] textsOfTwoLetters(int length) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(ModelBytes.basic().trainer(fields -> fields.writeEnum(3, 2)).toByteArray());
    for (int code = 2; code < 2 << length; code++) {
      String text = Integer.toBinaryString(code).substring(1).replace('0', 'a').replace('1', 'b');
      out.writeBytes(new ModelBytes().piece(text, -1, ModelBytes.NORMAL).toByteArray());
    }
    return out.toByteArray();
  }

  @Test
  void millionsOfMergesAreReadAndMoreAreRefused() throws Exception {
    model(textsOfTwoLetters(16));
    assertThat(converted()).isEqualTo("read"); // 1.8 million
    model(textsOfTwoLetters(17));
    assertThat(converted()).isEqualTo("tokenizer.model: implies more than 3000000 merges");
  }

  @Test
  void longPiecesAreReadInLittleMemory() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(ModelBytes.basic().trainer(fields -> fields.writeEnum(3, 2)).toByteArray());
    for (char c = 'a'; c <= 'z'; c++) {
      out.writeBytes(
          new ModelBytes().piece(String.valueOf(c), -1, ModelBytes.NORMAL).toByteArray());
    }
    String letters = "abcdefghijklmnopqrstuvwxyz".repeat(6).substring(0, 143);
    for (int i = 0; i < 90_000; i++) {
      String number = Integer.toString(1_000_000 + i, 10);
      StringBuilder text = new StringBuilder(letters);
      number.chars().forEach(digit -> text.append((char) ('a' + digit - '0')));
      out.writeBytes(new ModelBytes().piece(text.toString(), -2, ModelBytes.NORMAL).toByteArray());
    }
    model(out.toByteArray());
    assertThat(converted()).isEqualTo("read");
  }

  private static byte[] withCharsMap(byte[] map) {
    return ModelBytes.abc()
        .normalizer(out -> out.writeBytes(2, ByteString.copyFrom(map)))
        .toByteArray();
  }

  private static byte[] charsMap(int trieBytes, int textBytes) {
    byte[] map = new byte[4 + trieBytes + textBytes + 1];
    map[0] = (byte) trieBytes;
    map[1] = (byte) (trieBytes >> 8);
    Arrays.fill(map, 4 + trieBytes, 4 + trieBytes + textBytes, (byte) 'x');
    return map;
  }

  @Test
  void aCharacterBecomesNoLongText() throws IOException {
    Path file = model(withCharsMap(charsMap(1024, 256)));
    assertThat(SentencePieceReader.read(file).precompiledCharsMap().size()).isEqualTo(1285);
    assertThatThrownBy(() -> SentencePieceReader.read(model(withCharsMap(charsMap(1024, 257)))))
        .isInstanceOf(PolyLmException.class)
        .hasMessage(
            file
                + ": normalizer_spec.precompiled_charsmap has a text of more than 256 bytes for a"
                + " character");
    assertThatThrownBy(() -> SentencePieceReader.read(model(withCharsMap(new byte[4_194_305]))))
        .hasMessage(
            file
                + ": normalizer_spec.precompiled_charsmap has 4194305 bytes, expected at most"
                + " 4194304");
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 1024, 2048})
  void aTrieThatDoesNotFitIsRefused(int stated) throws IOException {
    byte[] map = new byte[500];
    map[0] = (byte) stated;
    map[1] = (byte) (stated >> 8);
    Path file = model(withCharsMap(map));
    assertThatThrownBy(() -> SentencePieceReader.read(file))
        .isInstanceOf(PolyLmException.class)
        .hasMessage(
            file
                + ": normalizer_spec.precompiled_charsmap has 500 bytes and states a trie of "
                + stated
                + ", expected one that fits");
  }
}
