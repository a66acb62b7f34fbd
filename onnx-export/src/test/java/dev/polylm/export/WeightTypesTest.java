package dev.polylm.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylm.PolyLmException;
import dev.polylm.model.GraphKind;
import dev.polylm.model.Manifest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every layout of checkpoint in every type of weights, run by ONNX Runtime. */
class WeightTypesTest {
  @TempDir private Path folder;

  static Iterable<String> fixtures() {
    return ReferenceModel.names();
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void int8AndFp16AreCloseToHuggingFaces(String name) throws Exception {
    assertClose(name, WeightType.INT8, 0.06);
    assertClose(name, WeightType.FP16, 0.005);
  }

  private void assertClose(String name, WeightType weights, double limit) throws Exception {
    ReferenceModel reference = ReferenceModel.of(name);
    Path model = export(name, weights, 32).directory();
    long[] ids = reference.prompt();
    try (OrtModel ort = new OrtModel(model, 1, 32)) {
      assertThat(OrtModel.relativeError(ort.run(ids, 0), reference::logitsAt)).isLessThan(limit);
    }
  }

  @ParameterizedTest
  @CsvSource({"INT4, int4", "INT8, int8"})
  void theReportNamesEveryTensorTheLargestErrorFirst(WeightType weights, String type)
      throws Exception {
    ExportReport report = export("untied-head", weights, 16);

    List<TensorReport> tensors = report.tensors();
    assertThat(tensors).hasSize(29).extracting(TensorReport::name).doesNotHaveDuplicates();
    assertThat(tensors)
        .isSortedAccordingTo(Comparator.comparingDouble(TensorReport::relativeError).reversed());
    assertThat(tensors)
        .filteredOn(tensor -> tensor.type().startsWith("int"))
        .hasSize(10)
        .allSatisfy(tensor -> assertThat(tensor.relativeError()).isBetween(0.001, 0.12))
        .extracting(TensorReport::name)
        .contains("wte.weight", "lm_head.weight", "h.1.mlp.c_proj.weight");
    assertThat(tensors)
        .filteredOn(tensor -> !tensor.type().startsWith("int"))
        .allSatisfy(tensor -> assertThat(tensor.type()).isEqualTo("fp32"))
        .allSatisfy(tensor -> assertThat(tensor.relativeError()).isZero());
    long data = Files.size(report.directory().resolve("model.onnx.data"));
    long padding = 4096L * (29 + 2 * 10);
    assertThat(tensors.stream().mapToLong(TensorReport::bytes).sum())
        .isBetween(data - padding, data);
    Manifest manifest = report.manifest();
    assertThat(manifest.weights()).isEqualTo(type);
    assertThat(manifest.blockSize()).isEqualTo(16);
    assertThat(manifest.kvCache()).isEqualTo("fp32");
    assertThat(Inspector.inspect(report.directory()).types()).containsKeys("uint8", "float");
  }

  @Test
  void aTiedHeadIsStoredOnce() {
    assertThat(export("safetensors-fp32", WeightType.INT4, 32).tensors())
        .extracting(TensorReport::name)
        .containsOnlyOnce("wte.weight")
        .doesNotContain("lm_head.weight");
  }

  @Test
  void fp16KeepsItsCacheInFp16() {
    ExportReport report = export("safetensors-fp32", WeightType.FP16, 128);

    assertThat(report.manifest().kvCache()).isEqualTo("fp16");
    assertThat(report.manifest().blockSize()).isNull();
    assertThat(report.tensors())
        .allSatisfy(tensor -> assertThat(tensor.type()).isEqualTo("fp16"))
        .allSatisfy(tensor -> assertThat(tensor.relativeError()).isLessThan(0.001));
  }

  @ParameterizedTest
  @CsvSource({"INT8, 0.06", "INT4, 0.4"})
  void activationsInFp16GoWithBlocks(WeightType weights, double limit) throws Exception {
    for (String name : ReferenceModel.names()) {
      ReferenceModel reference = ReferenceModel.of(name);
      ExportOptions.Builder options = options(name, weights, 32).activations(ActivationType.FP16);
      ExportReport report = export(options);
      assertThat(report.manifest().kvCache()).isEqualTo("fp16");
      assertThat(Inspector.inspect(report.directory()).types())
          .containsOnlyKeys("uint8", "float16", "int64");
      try (OrtModel ort = new OrtModel(report.directory(), 1, 32)) {
        assertThat(OrtModel.relativeError(ort.run(reference.prompt(), 0), reference::logitsAt))
            .as(name)
            .isLessThan(limit);
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "FP16 | FP32 | FUSED | 128 | activations are fp32 with weights of fp16, expected fp16: such a graph computes in its weights' floats",
        "FP32 | FP16 | FUSED | 128 | activations are fp16 with weights of fp32, expected weights of fp16, int8 or int4",
        "INT4 | FP16 | PORTABLE | 128 | activations are fp16 in a portable graph with weights of integers, expected a fused graph",
        "INT8 | FP16 | FUSED | 16 | activations are fp16 with blocks of 16 weights, expected 32, 64 or 128, which CUDA multiplies with"
      })
  void activationsThatCanNotBeAreRefused(
      WeightType weights, ActivationType activations, GraphKind graph, int block, String message) {
    ExportOptions.Builder options =
        options("safetensors-fp32", weights, block).activations(activations).graph(graph);
    assertThatThrownBy(() -> export(options))
        .isInstanceOf(PolyLmException.class)
        .hasMessage(message);
    ExportOptions.Builder integers = options.kvCache(CacheType.INT8).tokenizer(true);
    integers.weights(WeightType.INT8).graph(GraphKind.FUSED).blockSize(128);
    if (activations == ActivationType.FP16) {
      assertThatThrownBy(() -> export(integers))
          .isInstanceOf(PolyLmException.class)
          .hasMessageStartingWith("the key/value cache is int8 with activations of fp16, expected");
    }
  }

  @Test
  void theNumberOfThreadsChangesNothing() {
    Manifest one = export(options("untied-head", WeightType.INT4, 16).threads(1)).manifest();
    Manifest three =
        export(options("untied-head", WeightType.INT4, 16).threads(3).force(true)).manifest();

    assertThat(three).isEqualTo(one);
  }

  @Test
  void optionsThatCanNotBeAreRefused() {
    ExportOptions.Builder options = options("safetensors-fp32", WeightType.INT4, 32);
    assertThatThrownBy(() -> options.blockSize(24))
        .isInstanceOf(PolyLmException.class)
        .hasMessage("blockSize is 24, expected one of [16, 32, 64, 128]");
    assertThatThrownBy(() -> options.threads(0))
        .isInstanceOf(PolyLmException.class)
        .hasMessage("threads is 0, expected at least 1");
    options.calibration(CalibrationMode.ON);
    assertThatThrownBy(() -> export(options))
        .isInstanceOf(PolyLmException.class)
        .hasMessage(
            "calibration is on for weights int4 and no tokenizer, expected int4 and a tokenizer");
    options.weights(WeightType.INT8).tokenizer(true);
    assertThatThrownBy(() -> export(options))
        .isInstanceOf(PolyLmException.class)
        .hasMessage(
            "calibration is on for weights int8 and a tokenizer, expected int4 and a tokenizer");
    assertThat(folder).isEmptyDirectory();
  }

  private ExportReport export(String name, WeightType weights, int blockSize) {
    return export(options(name, weights, blockSize));
  }

  private static ExportReport export(ExportOptions.Builder options) {
    return Exporter.export(options.build(), ExportListener.NONE);
  }

  private ExportOptions.Builder options(String name, WeightType weights, int blockSize) {
    Path output = folder.resolve(name + "-" + weights);
    return ExportOptions.builder(ReferenceModel.FIXTURES.resolve(name), output)
        .weights(weights)
        .blockSize(blockSize)
        .tokenizer(false);
  }
}
