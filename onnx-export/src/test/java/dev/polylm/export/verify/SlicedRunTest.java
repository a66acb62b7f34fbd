package dev.polylm.export.verify;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.polylm.export.ExportListener;
import dev.polylm.export.ExportOptions;
import dev.polylm.export.Exporter;
import dev.polylm.export.WeightType;
import dev.polylm.export.checkpoint.Activation;
import dev.polylm.export.checkpoint.ModelConfig;
import dev.polylm.export.onnx.SlicedModel;
import dev.polylm.model.GraphKind;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SlicedRunTest {
  private static final ModelConfig CONFIG =
      new ModelConfig(320, 64, 32, 2, 2, 128, Activation.GELU_ERF, 1e-5f, true, false, true);
  private static final List<int[]> SEQUENCES =
      List.of(new int[] {5, 17, 300, 2, 9}, new int[] {8, 8, 1, 44, 250});

  @TempDir private Path folder;
  private Path model = Path.of("");

  private void export(WeightType weights, GraphKind graph) {
    Path checkpoint = Path.of("src/test/resources/checkpoints/safetensors-fp32");
    model = folder.resolve("model");
    Exporter.export(
        ExportOptions.builder(checkpoint, model)
            .tokenizer(false)
            .weights(weights)
            .graph(graph)
            .blockSize(16)
            .verify(false)
            .build(),
        ExportListener.NONE);
  }

  private List<float[]> logits(long sliceBytes, List<Integer> ends) {
    List<float[]> logits = new ArrayList<>();
    try (SlicedRun run =
        new SlicedRun(model, sliceBytes, 1, new GraphInputs(CONFIG, SEQUENCES), null)) {
      for (FloatBuffer buffer : run.logits(ends, slice -> {})) {
        float[] copy = new float[buffer.remaining()];
        buffer.get(copy);
        logits.add(copy);
      }
    }
    return logits;
  }

  @ParameterizedTest
  @CsvSource({
    "FP32, FUSED, 5000, 20, 60, 1e-5",
    "FP16, FUSED, 5000, 10, 40, 1e-2", // the CPU computes in fp32 within a slice
    "INT8, FUSED, 2000, 20, 60, 1e-5",
    "INT4, FUSED, 1000, 20, 60, 1e-5",
    "FP32, PORTABLE, 5000, 20, 60, 1e-5",
    "FP16, PORTABLE, 5000, 10, 40, 1e-2",
    "INT8, PORTABLE, 2000, 20, 60, 1e-5",
    "INT4, PORTABLE, 1000, 20, 60, 1e-5"
  })
  void slicesTogetherAreTheWhole(
      WeightType weights, GraphKind graph, long sliceBytes, int least, int most, float tolerance) {
    export(weights, graph);
    SlicedModel small = SlicedModel.read(model.resolve("model.onnx"), sliceBytes);
    assertThat(SlicedModel.read(model.resolve("model.onnx"), 1 << 20).size()).isEqualTo(1);
    assertThat(small.size()).isBetween(least, most);

    List<float[]> whole = logits(1 << 20, List.of(3, 4, 5));
    List<float[]> slices = logits(sliceBytes, List.of(3, 4, 5));

    assertThat(whole).hasSize(3);
    assertThat(whole.get(0)).hasSize(2 * 3 * 320);
    for (int run = 0; run < 3; run++) {
      for (int i = 0; i < whole.get(run).length; i++) {
        float expected = whole.get(run)[i];
        assertThat(slices.get(run)[i]).isBetween(expected - tolerance, expected + tolerance);
      }
    }
  }

  /** But for look-ups of rows, which read only those that they need. */
  @ParameterizedTest
  @CsvSource({
    "FP32, FUSED", "FP16, FUSED", "INT8, FUSED", "INT4, FUSED",
    "FP32, PORTABLE", "FP16, PORTABLE", "INT8, PORTABLE", "INT4, PORTABLE"
  })
  void noSliceHasMoreWeightsThanItMay(WeightType weights, GraphKind graph) throws IOException {
    export(weights, graph);
    SlicedModel sliced = SlicedModel.read(model.resolve("model.onnx"), 8000);
    int lookUps = 0;
    for (int slice = 0; slice < sliced.size(); slice++) {
      byte[] content = sliced.model(slice, types(sliced, slice));
      GraphProto part = ModelProto.parseFrom(content).getGraph();
      Set<String> constants =
          part.getInitializerList().stream().map(TensorProto::getName).collect(Collectors.toSet());
      if (part.getNodeList().stream().anyMatch(node -> looksUpRows(node, constants))) {
        lookUps++;
      } else {
        assertThat(part.getInitializerList().stream().mapToLong(SlicedRunTest::bytes).sum())
            .as("slice %d: %s", slice, part.getNodeList())
            .isLessThanOrEqualTo(8000);
      }
    }
    assertThat(lookUps).isBetween(1, 2);
  }

  private static Map<String, String> types(SlicedModel sliced, int slice) {
    return sliced.inputs(slice).stream().collect(Collectors.toMap(name -> name, name -> "FLOAT"));
  }

  private static boolean looksUpRows(NodeProto node, Set<String> constants) {
    return node.getOpType().equals("GatherBlockQuantized")
        || (node.getOpType().equals("Gather")
            && constants.contains(node.getInput(0))
            && node.getAttributeList().stream().anyMatch(a -> a.getI() == 0));
  }

  private static long bytes(TensorProto tensor) {
    return tensor.getExternalDataList().stream()
        .filter(entry -> entry.getKey().equals("length"))
        .mapToLong(entry -> Long.parseLong(entry.getValue()))
        .sum();
  }

  @Test
  void stepsGiveWhatOneRunGives() {
    export(WeightType.FP32, GraphKind.FUSED);
    float[] once = logits(1 << 20, List.of(5)).get(0);
    List<float[]> steps = logits(1 << 20, List.of(3, 4, 5));

    for (int id = 0; id < 320; id++) {
      assertThat(steps.get(2)[320 + id])
          .isBetween(once[9 * 320 + id] - 1e-4f, once[9 * 320 + id] + 1e-4f);
      assertThat(steps.get(1)[id])
          .isBetween(once[3 * 320 + id] - 1e-4f, once[3 * 320 + id] + 1e-4f);
    }
  }
}
