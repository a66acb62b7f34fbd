package dev.polylm.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.polylm.PolyLmException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Exported with an adapter, against Hugging Face's model with PEFT's adapter. */
class AdapterExportTest {
  private static final Path ADAPTERS = Path.of("src/test/resources/adapters");
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "lora, FP32, 1e-5",
    "lora-rslora, FP32, 1e-5",
    "lora-head, FP32, 1e-5",
    "lora, INT8, 0.06",
    "lora-head, INT8, 0.06",
  })
  void logitsAreThoseOfTheMergedModel(String name, WeightType weights, double limit)
      throws Exception {
    JsonNode reference = JSON.readTree(ADAPTERS.resolve(name).resolve("reference.json").toFile());
    float[][] expected = JSON.convertValue(reference.get("logits"), float[][].class);
    long[] inputIds = JSON.convertValue(reference.get("input_ids"), long[].class);

    ExportReport report =
        export(name, reference.get("base").textValue(), weights, folder.resolve("model"));

    assertThat(report.manifest().sources())
        .containsOnlyKeys(
            "config.json",
            "model.safetensors",
            "adapter/adapter_config.json",
            "adapter/adapter_model.safetensors");
    try (OrtModel model = new OrtModel(report.directory(), 1, 32)) {
      assertThat(OrtModel.relativeError(model.run(inputIds, 0), i -> expected[i]))
          .isLessThan(limit);
    }
  }

  @Test
  void anAdapterOfAnotherModelIsRefused() {
    assertThatThrownBy(
            () -> export("lora", "narrow-mlp-relu", WeightType.FP32, folder.resolve("model")))
        .isInstanceOf(PolyLmException.class)
        .hasMessageContaining("mlp.c_fc.lora_B.weight has shape [128, 4], expected [");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aFolderWithoutAnAdapterIsRefused() {
    Path nothing = folder.resolve("nothing");
    ExportOptions options =
        ExportOptions.builder(ReferenceModel.FIXTURES.resolve("untied-head"), folder.resolve("m"))
            .adapter(nothing)
            .build();
    assertThatThrownBy(() -> Exporter.export(options, ExportListener.NONE))
        .isInstanceOf(PolyLmException.class)
        .hasMessage(nothing + ": is not a folder, expected an adapter's folder");
  }

  private static ExportReport export(String name, String base, WeightType weights, Path output) {
    ExportOptions options =
        ExportOptions.builder(ReferenceModel.FIXTURES.resolve(base), output)
            .adapter(ADAPTERS.resolve(name))
            .weights(weights)
            .blockSize(16)
            .tokenizer(false)
            .build();
    return Exporter.export(options, ExportListener.NONE);
  }
}
