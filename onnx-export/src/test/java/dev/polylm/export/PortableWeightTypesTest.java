package dev.polylm.export;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import ai.onnxruntime.TensorInfo;
import dev.polylm.export.onnx.OnnxContents;
import dev.polylm.model.GraphKind;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Portable graphs of weights that are no floats of 32 bits. */
class PortableWeightTypesTest {
  @TempDir private Path folder;
  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();

  static Iterable<String> fixtures() {
    return ReferenceModel.names();
  }

  private ExportReport export(String fixture, WeightType weights, GraphKind graph) {
    ExportOptions options =
        ExportOptions.builder(
                ReferenceModel.FIXTURES.resolve(fixture), folder.resolve(weights + "-" + graph))
            .tokenizer(false)
            .weights(weights)
            .blockSize(32)
            .graph(graph)
            .build();
    return Exporter.export(options, ExportListener.NONE);
  }

  /** Runs the graph's operators as they stand, or what ONNX Runtime makes of them. */
  private float[][] logits(Path model, long[] ids, OptLevel optimization) throws OrtException {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setOptimizationLevel(optimization);
      try (OrtSession session =
          environment.createSession(model.resolve("model.onnx").toString(), options)) {
        Map<String, OnnxTensor> inputs = new HashMap<>();
        long[] ones = new long[ids.length];
        Arrays.fill(ones, 1);
        long[] positions = LongStream.range(0, ids.length).toArray();
        inputs.put("input_ids", OnnxTensor.createTensor(environment, new long[][] {ids}));
        inputs.put("attention_mask", OnnxTensor.createTensor(environment, new long[][] {ones}));
        inputs.put("position_ids", OnnxTensor.createTensor(environment, new long[][] {positions}));
        for (Map.Entry<String, NodeInfo> input : session.getInputInfo().entrySet()) {
          if (input.getKey().startsWith("past_key_values.")) {
            inputs.put(input.getKey(), empty((TensorInfo) input.getValue().getInfo()));
          }
        }
        try (OrtSession.Result result = session.run(inputs)) {
          return ((float[][][]) result.get("logits").orElseThrow().getValue())[0];
        }
      }
    }
  }

  private OnnxTensor empty(TensorInfo info) throws OrtException {
    long[] shape = info.getShape().clone();
    shape[0] = 1;
    shape[2] = 0;
    return OnnxTensor.createTensor(environment, ByteBuffer.allocateDirect(0), shape, info.type);
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void standardOperatorsAreCloseToHuggingFace(String fixture) throws Exception {
    assertClose(fixture, WeightType.INT8, 0.06);
    assertClose(fixture, WeightType.INT4, 0.3);
    assertClose(fixture, WeightType.FP16, 0.005);
  }

  private void assertClose(String fixture, WeightType weights, double limit) throws Exception {
    ReferenceModel reference = ReferenceModel.of(fixture);
    ExportReport report = export(fixture, weights, GraphKind.PORTABLE);
    OnnxContents contents = OnnxContents.read(report.directory().resolve("model.onnx"));
    assertThat(contents.operators().keySet()).noneMatch(name -> name.contains("."));

    float[][] asTheyStand = logits(report.directory(), reference.prompt(), OptLevel.NO_OPT);
    float[][] optimized = logits(report.directory(), reference.prompt(), OptLevel.ALL_OPT);

    assertThat(OrtModel.relativeError(asTheyStand, reference::logitsAt)).isLessThan(limit);
    assertThat(OrtModel.relativeError(optimized, i -> asTheyStand[i])).isLessThan(0.05);
  }

  /** Their codes are the same, and so is what ONNX Runtime makes of them. */
  @ParameterizedTest
  @CsvSource({"safetensors-fp32", "untied-head", "four-heads-odd-vocab"})
  void int8GivesTheFusedGraphsLogits(String fixture) throws Exception {
    long[] ids = ReferenceModel.of(fixture).prompt();
    Path portable = export(fixture, WeightType.INT8, GraphKind.PORTABLE).directory();
    Path fused = export(fixture, WeightType.INT8, GraphKind.FUSED).directory();
    try (OrtModel model = new OrtModel(fused, 1, 32)) {
      float[][] expected = model.run(ids, 0);
      double error =
          OrtModel.relativeError(logits(portable, ids, OptLevel.ALL_OPT), i -> expected[i]);
      assertThat(error).isLessThan(1e-5);
    }
  }

  @Test
  void theReportAndTheFileTellTheTypes() throws Exception {
    ExportReport report = export("safetensors-fp32", WeightType.INT4, GraphKind.PORTABLE);

    assertThat(report.tensors())
        .filteredOn(tensor -> tensor.name().equals("wte.weight"))
        .extracting(TensorReport::type)
        .containsExactly("int8 block 32");
    assertThat(report.tensors())
        .filteredOn(tensor -> tensor.name().equals("h.1.mlp.c_fc.weight"))
        .extracting(TensorReport::type)
        .containsExactly("int4 block 32");
    assertThat(Inspector.inspect(report.directory()).types())
        .containsOnlyKeys("float", "int64", "int8", "uint4");
    assertThat(Inspector.inspect(report.directory()).operators())
        .containsEntry("DequantizeLinear", 10)
        .containsEntry("MatMul", 13);
    assertThat(report.tensors()).extracting(TensorReport::name).doesNotHaveDuplicates();
    long data = Files.size(report.directory().resolve("model.onnx.data"));
    assertThat(report.tensors().stream().mapToLong(TensorReport::bytes).sum())
        .isBetween(data - 4096L * 49, data);
  }
}
