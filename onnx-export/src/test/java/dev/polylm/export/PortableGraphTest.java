package dev.polylm.export;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxTensorLike;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.polylm.export.onnx.OnnxContents;
import dev.polylm.model.GraphKind;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Portable graphs on bare ONNX Runtime, with the cache that transformers.js and Optimum keep. */
class PortableGraphTest {
  private static final float TOLERANCE = 1e-4f;

  @TempDir private Path folder;
  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();

  static List<String> fixtures() {
    return ReferenceModel.names();
  }

  private ExportReport export(String fixture) {
    ExportOptions options =
        ExportOptions.builder(ReferenceModel.FIXTURES.resolve(fixture), folder.resolve("model"))
            .tokenizer(false)
            .weights(WeightType.FP32)
            .graph(GraphKind.PORTABLE)
            .build();
    return Exporter.export(options, ExportListener.NONE);
  }

  private OrtSession open(ExportReport report) throws OrtException {
    return environment.createSession(report.directory().resolve("model.onnx").toString());
  }

  /** Runs ids behind a past, which may be the result of a run before. */
  private OrtSession.Result run(
      OrtSession session,
      long[][] ids,
      long[][] mask,
      long[][] positions,
      Map<String, OnnxTensor> past)
      throws OrtException {
    Map<String, OnnxTensorLike> inputs = new HashMap<>(past);
    inputs.put("input_ids", OnnxTensor.createTensor(environment, ids));
    inputs.put("attention_mask", OnnxTensor.createTensor(environment, mask));
    inputs.put("position_ids", OnnxTensor.createTensor(environment, positions));
    return session.run(inputs);
  }

  private Map<String, OnnxTensor> emptyPast(OrtSession session, int batch) throws OrtException {
    Map<String, OnnxTensor> past = new HashMap<>();
    for (Map.Entry<String, NodeInfo> input : session.getInputInfo().entrySet()) {
      if (input.getKey().startsWith("past_key_values.")) {
        long[] shape = ((TensorInfo) input.getValue().getInfo()).getShape().clone();
        shape[0] = batch;
        shape[2] = 0;
        past.put(
            input.getKey(), OnnxTensor.createTensor(environment, FloatBuffer.allocate(0), shape));
      }
    }
    return past;
  }

  private static Map<String, OnnxTensor> past(OrtSession.Result result) {
    Map<String, OnnxTensor> past = new HashMap<>();
    result.forEach(
        output -> {
          if (output.getKey().startsWith("present.")) {
            past.put(
                output.getKey().replace("present.", "past_key_values."),
                (OnnxTensor) output.getValue());
          }
        });
    return past;
  }

  private static float[][][] logits(OrtSession.Result result) throws OrtException {
    return (float[][][]) result.get("logits").orElseThrow().getValue();
  }

  private static long[] range(int from, int to) {
    return LongStream.range(from, to).toArray();
  }

  private static long[] ones(int count) {
    long[] ones = new long[count];
    Arrays.fill(ones, 1);
    return ones;
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void givesHuggingFacesLogitsAndGreedyIds(String fixture) throws Exception {
    ReferenceModel reference = ReferenceModel.of(fixture);
    ExportReport report = export(fixture);
    assertThat(Objects.requireNonNull(report.verification()).top1Agreement()).isEqualTo(1);
    long[] prompt = reference.prompt();
    try (OrtSession session = open(report)) {
      OrtSession.Result result =
          run(
              session,
              new long[][] {prompt},
              new long[][] {ones(prompt.length)},
              new long[][] {range(0, prompt.length)},
              emptyPast(session, 1));
      float[][] rows = logits(result)[0];
      for (int position = 0; position < prompt.length; position++) {
        assertClose(rows[position], reference.logitsAt(position));
      }
      List<Long> greedy = new ArrayList<>();
      for (int step = 0; step < reference.greedyIds().size(); step++) {
        long next = best(rows[rows.length - 1]);
        greedy.add(next);
        int length = prompt.length + step;
        result =
            run(
                session,
                new long[][] {{next}},
                new long[][] {ones(length + 1)},
                new long[][] {{length}},
                past(result));
        rows = logits(result)[0];
      }
      assertThat(greedy).isEqualTo(reference.greedyIds());
    }
  }

  @Test
  void rowsOfDifferentLengthsArePaddedOnTheLeft() throws Exception {
    long[] first = {5, 17, 300, 2, 9};
    long[] second = {8, 44, 250};
    try (OrtSession session = open(export("safetensors-fp32"))) {
      float[] alone = lastLogits(session, second);
      OrtSession.Result together =
          run(
              session,
              new long[][] {{5, 17, 300, 2}, {0, 0, 8, 44}},
              new long[][] {{1, 1, 1, 1}, {0, 0, 1, 1}},
              new long[][] {{0, 1, 2, 3}, {1, 1, 0, 1}},
              emptyPast(session, 2));
      OrtSession.Result next =
          run(
              session,
              new long[][] {{9}, {250}},
              new long[][] {{1, 1, 1, 1, 1}, {0, 0, 1, 1, 1}},
              new long[][] {{4}, {2}},
              past(together));

      assertClose(logits(next)[1][0], alone);
      assertClose(logits(next)[0][0], lastLogits(session, first));
    }
  }

  private float[] lastLogits(OrtSession session, long[] ids) throws OrtException {
    float[][] rows =
        logits(
            run(
                session,
                new long[][] {ids},
                new long[][] {ones(ids.length)},
                new long[][] {range(0, ids.length)},
                emptyPast(session, 1)))[0];
    return rows[rows.length - 1];
  }

  @Test
  void isMadeOfTheStandardsOperatorsAlone() throws Exception {
    ExportReport report = export("safetensors-bf16-gelu-new");

    assertThat(report.manifest().graph()).isEqualTo("portable");
    OnnxContents contents = OnnxContents.read(report.directory().resolve("model.onnx"));
    assertThat(contents.operators())
        .containsEntry("Gelu", 2)
        .containsEntry("Softmax", 2)
        .containsEntry("LayerNormalization", 5);
    assertThat(contents.operators().keySet()).noneMatch(name -> name.contains("."));
    try (OrtSession session = open(report)) {
      assertThat(session.getInputNames())
          .containsExactlyInAnyOrder(
              "input_ids",
              "attention_mask",
              "position_ids",
              "past_key_values.0.key",
              "past_key_values.0.value",
              "past_key_values.1.key",
              "past_key_values.1.value");
      assertThat(session.getOutputNames())
          .containsExactlyInAnyOrder(
              "logits", "present.0.key", "present.0.value", "present.1.key", "present.1.value");
    }
  }

  private static void assertClose(float[] found, float[] expected) {
    assertThat(found).hasSameSizeAs(expected);
    for (int id = 0; id < expected.length; id++) {
      assertThat(found[id]).isBetween(expected[id] - TOLERANCE, expected[id] + TOLERANCE);
    }
  }

  private static long best(float[] row) {
    int best = 0;
    for (int id = 0; id < row.length; id++) {
      best = row[id] > row[best] ? id : best;
    }
    return best;
  }
}
