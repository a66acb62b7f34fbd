package dev.polylm.export.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylm.PolyLmException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SentencePieceReaderTest {
  @TempDir Path folder;

  @Test
  void readsWhatAModelHolds() throws IOException {
    ModelBytes.abc().in(folder);

    SentencePieceModel model = SentencePieceReader.read(folder.resolve("tokenizer.model"));

    assertThat(model.bpe()).isTrue();
    assertThat(model.byteFallback()).isFalse();
    assertThat(model.removeExtraWhitespaces()).isFalse();
    assertThat(model.precompiledCharsMap().isEmpty()).isTrue();
    assertThat(model.unkId()).isZero();
    assertThat(model.pieces())
        .hasSize(10)
        .contains(new SentencePieceModel.Piece("abc", -2, SentencePieceModel.PieceType.NORMAL));
  }

  @Test
  void aMissingFileIsNamed() {
    assertThatThrownBy(() -> SentencePieceReader.read(folder.resolve("tokenizer.model")))
        .isInstanceOf(PolyLmException.class)
        .hasMessage(
            folder.resolve("tokenizer.model") + ": is missing, expected a SentencePiece model");
  }

  @Test
  void anEmptyFileIsNoModel() {
    refused(new byte[0]).hasMessageEndingWith(": is not a SentencePiece model: it has no pieces");
  }

  @Test
  void aTextIsNoModel() {
    refused("{\"model\": \"no\"}".getBytes(StandardCharsets.UTF_8))
        .hasMessageContaining("tokenizer.model: is not a SentencePiece model: ");
  }

  @Test
  void aTruncatedModelIsNoModel() {
    byte[] whole = ModelBytes.abc().toByteArray();

    refused(Arrays.copyOf(whole, whole.length - 3))
        .hasMessageContaining("tokenizer.model: is not a SentencePiece model: ")
        .hasMessageContaining("in the middle of a field");
  }

  @Test
  void aLengthBeyondTheFileIsRefused() {
    refused(new byte[] {1 << 3 | 2, -1, -1, -1, -1, 7})
        .hasMessageContaining("tokenizer.model: is not a SentencePiece model: ");
  }

  @Test
  void aPieceThatIsNoUtf8IsRefused() {
    refused(new byte[] {1 << 3 | 2, 3, 1 << 3 | 2, 1, -1})
        .hasMessageContaining("is not a SentencePiece model: Protocol message had invalid UTF-8");
  }

  @Test
  void otherModelTypesAreRefused() {
    refused(ModelBytes.basic().trainer(out -> out.writeEnum(3, 3)))
        .hasMessageEndingWith("is of model_type 3, expected 1 (unigram) or 2 (BPE)");
  }

  @Test
  void settingsThatCannotBeExpressedAreRefused() {
    refused(ModelBytes.abc().trainer(out -> out.writeBool(24, true)))
        .hasMessageEndingWith(
            "has a treat_whitespace_as_suffix that is not false, which tokenizer.json can't express");
    refused(ModelBytes.abc().normalizer(out -> out.writeBool(3, false)))
        .hasMessageContaining("has a add_dummy_prefix that is not true");
    refused(ModelBytes.abc().normalizer(out -> out.writeBool(5, false)))
        .hasMessageContaining("has a escape_whitespaces that is not true");
    refused(ModelBytes.abc().message(5, out -> out.writeByteArray(2, new byte[] {1})))
        .hasMessageContaining("has a denormalizer_spec.precompiled_charsmap that is not empty");
  }

  @Test
  void piecesThatBreakARuleAreNamed() {
    refused(ModelBytes.abc().piece("x", 0, ModelBytes.UNUSED))
        .hasMessageEndingWith("piece 10 is of type 5, expected 1, 2, 3, 4 or 6");
    refused(ModelBytes.abc().piece("ab", -9, ModelBytes.NORMAL))
        .hasMessageEndingWith("piece 10, \"ab\", occurs twice");
    refused(ModelBytes.abc().piece("", -9, ModelBytes.NORMAL))
        .hasMessageEndingWith("piece 10 has 0 characters, expected 1 to 256");
    refused(ModelBytes.abc().piece("a".repeat(257), -9, ModelBytes.NORMAL))
        .hasMessageEndingWith("piece 10 has 257 characters, expected 1 to 256");
    refused(ModelBytes.abc().piece("ac", Float.NaN, ModelBytes.NORMAL))
        .hasMessageEndingWith("piece 10 has the score NaN, expected a number");
    refused(ModelBytes.basic().piece("a", 2, ModelBytes.NORMAL))
        .hasMessageEndingWith("piece 3 has the score 2.0, expected a log probability, 0 or less");
    refused(ModelBytes.abc().piece("<0xZZ>", 0, ModelBytes.BYTE))
        .hasMessageEndingWith("piece 10, of type byte, is \"<0xZZ>\", expected <0x00> to <0xFF>");
    refused(ModelBytes.abc().piece("<u>", 0, ModelBytes.UNKNOWN))
        .hasMessageEndingWith("has 2 pieces of type unknown, expected 1");
    refused(ModelBytes.abc().trainer(out -> out.writeBool(35, true)))
        .hasMessageEndingWith("has 0 pieces of type byte, expected 256");
  }

  private AbstractThrowableAssert<?, ? extends Throwable> refused(ModelBytes model) {
    return refused(model.toByteArray());
  }

  private AbstractThrowableAssert<?, ? extends Throwable> refused(byte[] bytes) {
    Path file = folder.resolve("tokenizer.model");
    return assertThatThrownBy(
            () -> {
              Files.write(file, bytes);
              SentencePieceReader.read(file);
            })
        .isInstanceOf(PolyLmException.class)
        .hasMessageStartingWith(file + ": ");
  }
}
