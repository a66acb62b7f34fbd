package dev.polylm.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import dev.polylm.PolyLmOptions;
import dev.polylm.internal.model.ModelDirectory;
import dev.polylm.model.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A model whose files are not what its manifest says is refused before it runs. */
final class ChangedModelTest {
  @TempDir Path folder;

  @BeforeEach
  void copy() throws IOException {
    try (ModelDirectory model = ModelDirectory.openEmbedded()) {
      for (String name : model.manifest().files().keySet()) {
        Files.copy(model.file(name), folder.resolve(name));
      }
      Files.writeString(folder.resolve(Manifest.FILE_NAME), model.manifest().toJson());
    }
  }

  private void replace(String name, String old, String replacement) throws IOException {
    String json = Files.readString(folder.resolve(name));
    assertThat(json).contains(old);
    Files.writeString(folder.resolve(name), json.replace(old, replacement));
  }

  @ParameterizedTest
  @ValueSource(strings = {"model.onnx", "model.onnx.data", "tokenizer.json"})
  void aChangedFileIsRefused(String name) throws IOException {
    byte[] content = Files.readAllBytes(folder.resolve(name));
    content[content.length / 2] ^= 1;
    Files.write(folder.resolve(name), content);
    assertThatThrownBy(() -> PolyLm.open(folder))
        .isInstanceOf(PolyLmException.class)
        .hasMessageStartingWith(folder.resolve(name) + ": has ")
        .hasMessageEndingWith("; the file was changed");
  }

  @Test
  void changedWeightsRunWhereNobodyAsks() throws IOException {
    Path weights = folder.resolve("model.onnx.data");
    byte[] content = Files.readAllBytes(weights);
    content[content.length / 2] ^= 1;
    Files.write(weights, content);
    PolyLmOptions trusting = PolyLmOptions.builder().verify(PolyLmOptions.Verify.NONE).build();
    try (PolyLm polyLm = PolyLm.open(folder, trusting)) {
      assertThat(polyLm.manifest().name()).isEqualTo("polylm-tiny");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"vocab_size\" : 8192 | \"vocab_size\" : 100000000 | logits has shape [-1, 8192],"
            + " expected [-1, 100000000] from the sizes in the manifest (-1 is any size)",
        "\"heads\" : 4, | \"heads\" : 2, | past_key_values.0.key has shape [-1, 4, -1, 64],"
            + " expected [-1, 2, -1, 128] from the sizes in the manifest (-1 is any size)",
        "\"hidden_size\" : 256 | \"hidden_size\" : 512 | last_hidden_state has shape [-1, -1, 256],"
            + " expected [-1, -1, 512] from the sizes in the manifest (-1 is any size)",
      })
  void sizesThatAreNotTheGraphsAreRefused(String old, String claim, String message)
      throws IOException {
    replace(Manifest.FILE_NAME, old, claim);
    if (claim.contains("heads")) {
      replace(Manifest.FILE_NAME, "\"head_dim\" : 64", "\"head_dim\" : 128");
    } else if (claim.contains("hidden")) {
      replace(Manifest.FILE_NAME, "\"head_dim\" : 64", "\"head_dim\" : 128");
    }
    assertThatThrownBy(() -> PolyLm.open(folder))
        .isInstanceOf(PolyLmException.class)
        .hasMessage("model.onnx: " + message);
  }
}
