package dev.polylm.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polylm.export.checkpoint.Checkpoint;
import dev.polylm.export.parallel.Workers;
import dev.polylm.model.GraphKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each activation, and each further way of storing a model, against Hugging Face's logits. */
class SmallCheckpointsTest {
  private static final Path SMALL = Path.of("src/test/resources/small");
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final double DELTA = 1e-4;

  @TempDir private Path folder;

  static Stream<String> activations() throws IOException {
    return json(SMALL.resolve("activations/reference.json")).path("logits").properties().stream()
        .map(Map.Entry::getKey);
  }

  private static JsonNode json(Path file) throws IOException {
    return JSON.readTree(file.toFile());
  }

  private ExportOptions.Builder options(Path checkpoint) {
    return ExportOptions.builder(checkpoint, folder.resolve("model"))
        .tokenizer(false)
        .weights(WeightType.FP32);
  }

  /** The checkpoint with another activation. */
  private Path with(String activation) throws IOException {
    Path checkpoint = Files.createDirectory(folder.resolve("checkpoint"));
    Files.copy(
        SMALL.resolve("activations/model.safetensors"), checkpoint.resolve("model.safetensors"));
    ObjectNode config = (ObjectNode) json(SMALL.resolve("activations/config.json"));
    config.put("activation_function", activation);
    JSON.writeValue(checkpoint.resolve("config.json").toFile(), config);
    return checkpoint;
  }

  @Test
  void thereAreFourteenActivations() throws IOException {
    assertThat(activations()).hasSize(14);
  }

  @ParameterizedTest
  @MethodSource("activations")
  void eachActivationIsHuggingFaces(String activation) throws Exception {
    JsonNode reference = json(SMALL.resolve("activations/reference.json"));
    float[][] expected =
        JSON.convertValue(reference.path("logits").path(activation), float[][].class);
    assertLogits(with(activation), reference, expected);
  }

  /** In the standard's operators, and in half precision, which the reference model stands for. */
  @ParameterizedTest
  @MethodSource("activations")
  void eachActivationIsThatOfTheReferenceModel(String activation) throws Exception {
    Path checkpoint = with(activation);
    for (GraphKind graph : GraphKind.values()) {
      for (WeightType weights : List.of(WeightType.FP32, WeightType.FP16)) {
        ExportReport report =
            Exporter.export(
                options(checkpoint).graph(graph).weights(weights).force(true).build(),
                ExportListener.NONE);
        Verification found = Objects.requireNonNull(report.verification());
        assertThat(found.largestDifference() / found.spread())
            .isLessThan(weights == WeightType.FP32 ? DELTA : 0.05);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"fp64", "legacy-bin", "legacy-bin-fp64", "unneeded", "unneeded-bin"})
  void eachWayOfStoringIsRead(String name) throws Exception {
    Path checkpoint = SMALL.resolve("formats").resolve(name);
    JsonNode reference = json(checkpoint.resolve("reference.json"));
    float[][] expected = JSON.convertValue(reference.path("logits"), float[][].class);
    List<String> warnings = assertLogits(checkpoint, reference, expected);
    if (name.startsWith("unneeded")) {
      assertThat(warnings)
          .extracting(warning -> warning.replaceFirst(".*: tensor ", ""))
          .containsExactly(
              "a.c64 of shape [2] is unknown and was left out",
              "a.e5m2 of shape [3] is unknown and was left out",
              "a.f8 of shape [5] is unknown and was left out",
              "a.u16 of shape [2, 2] is unknown and was left out",
              "a.u32 of shape [4] is unknown and was left out");
    } else {
      assertThat(warnings).isEmpty();
    }
  }

  private List<String> assertLogits(Path folder, JsonNode reference, float[][] expected)
      throws Exception {
    int[] ids = JSON.convertValue(reference.path("input_ids"), int[].class);
    try (Checkpoint checkpoint = Checkpoint.open(folder);
        Workers workers = new Workers(2)) {
      int[] positions = IntStream.range(0, ids.length).toArray();
      assertClose(
          dev.polylm.export.reference.ReferenceModel.open(
                  checkpoint.config(), checkpoint.tensors(), workers)
              .logits(ids, positions),
          expected);
    }
    ExportReport report = Exporter.export(options(folder).build(), ExportListener.NONE);
    try (OrtModel model = new OrtModel(report.directory(), 1, ids.length)) {
      assertClose(model.run(JSON.convertValue(ids, long[].class), 0), expected);
    }
    return report.warnings();
  }

  private static void assertClose(float[][] found, float[][] expected) {
    assertThat(found).hasDimensions(expected.length, expected[0].length);
    for (int row = 0; row < expected.length; row++) {
      for (int id = 0; id < expected[row].length; id++) {
        assertThat(Math.abs(found[row][id] - expected[row][id])).isLessThan((float) DELTA);
      }
    }
  }
}
