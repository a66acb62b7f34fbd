package dev.polylm.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylm.PolyLmException;
import dev.polylm.export.tokenizer.ModelBytes;
import dev.polylm.model.Manifest;
import dev.polylm.model.TokenizerFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The tokenizer of an export. */
class TokenizerExportTest extends SmallExport {
  @Test
  void aTokenizerIsNeededUnlessIdsWillDo() throws IOException {
    assertRefused(
        options().tokenizer(true),
        "tokenizer.model is missing in %s; a model that takes ids only must be requested"
            .formatted(checkpoint));
  }

  @Test
  void theTokenizerIsConverted() throws Exception {
    copyTokenizer();

    Manifest manifest = export(options().tokenizer(true)).manifest();

    assertThat(manifest.tokenizer())
        .isEqualTo(new TokenizerFacts(false, false, false, "<unk>", "<s>", "</s>"));
    assertThat(manifest.sources())
        .containsOnlyKeys(
            "config.json", "model.safetensors", "tokenizer.model", "tokenizer_config.json");
    assertThat(manifest.files())
        .containsOnlyKeys(
            "generation_config.json",
            "model.onnx",
            "model.onnx.data",
            "tokenizer.json",
            "tokenizer_config.json");
    assertFacts(manifest.sources(), checkpoint);
    assertFacts(manifest.files(), output);
  }

  @Test
  void idsThatTheModelDoesNotHaveAreWarnedOf() throws Exception {
    copyTokenizer();

    assertThat(export(options().tokenizer(true)).warnings())
        .containsExactly(
            "tokenizer.model has 8192 ids, but vocab_size of config.json is 320: the model refuses"
                + " texts that need a higher id");
    assertThat(export(options().force(true)).warnings()).isEmpty();
  }

  @Test
  void idsThatTheTokenizerDoesNotHaveAreWarnedOf() throws Exception {
    Files.write(checkpoint.resolve("tokenizer.model"), ModelBytes.abc().toByteArray());

    assertThat(export(options().tokenizer(true)).warnings())
        .contains(
            "vocab_size of config.json is 320, but tokenizer.model has 10 ids: those from there on"
                + " have no text");
  }

  @Test
  void aBadTokenizerLeavesNothing() throws IOException {
    Files.writeString(checkpoint.resolve("tokenizer.model"), "no model");

    assertThatThrownBy(() -> export(options().tokenizer(true)))
        .isInstanceOf(PolyLmException.class)
        .hasMessageContaining("tokenizer.model");
    assertThat(entries(output.getParent())).isEmpty();
  }

  private void copyTokenizer() throws IOException {
    Path fixture = Path.of("src/test/resources/tokenizers/bpe");
    for (String name : List.of("tokenizer.model", "tokenizer_config.json")) {
      Files.copy(fixture.resolve(name), checkpoint.resolve(name));
    }
  }
}
