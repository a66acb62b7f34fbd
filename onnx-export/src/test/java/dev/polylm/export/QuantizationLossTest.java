package dev.polylm.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.polylm.export.checkpoint.Checkpoint;
import dev.polylm.export.graph.FusedGraph;
import dev.polylm.export.graph.WeightFormat;
import dev.polylm.export.onnx.OnnxWriter;
import dev.polylm.export.parallel.Workers;
import dev.polylm.export.quantize.BlockFormat;
import dev.polylm.export.quantize.HessianSource;
import dev.polylm.export.quantize.QuantizationPlan;
import dev.polylm.export.weights.ModelWeights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a trained model loses with its weights' bits: the mean KL divergence of the next-token
 * distribution from fp32's, over texts that were neither trained nor calibrated on.
 */
class QuantizationLossTest {
  private static final Path TINY = Path.of("..", "examples", "polylm-tiny");
  private static final Path CHECKPOINT = TINY.resolve("checkpoint");
  private static final Path FIXTURES = TINY.resolve(Path.of("src", "test", "resources"));
  private static final int EOS = 2;

  @TempDir private static Path folder;
  private static List<long[]> texts;
  private static List<float[][]> logits;
  private static double roundingLoss;
  private static long roundingBytes;

  @BeforeAll
  static void measureFloatsAndPlainRounding() throws Exception {
    texts = texts(read("scores.json"));
    logits = logits(export(WeightType.FP32, 128, CalibrationMode.AUTO).directory());
    Path rounded = roundedToNearest();
    roundingLoss = loss(rounded);
    roundingBytes = modelBytes(rounded);
  }

  @Test
  void int4LosesHalfOfWhatPlainRoundingDoesAtItsSize() throws Exception {
    ExportReport report = export(WeightType.INT4, 128, CalibrationMode.AUTO);

    assertThat(loss(report.directory())).isLessThan(0.5 * roundingLoss);
    assertThat(modelBytes(report.directory())).isLessThan((long) (1.05 * roundingBytes));
    assertThat(report.calibrationTokens()).isEqualTo(6_134);
    assertThat(report.manifest().weights()).isEqualTo("int4");
    assertThat(report.manifest().blockSize()).isEqualTo(128);
  }

  @ParameterizedTest
  @CsvSource({"128, 1.0", "32, 0.9"})
  void int4WithoutCalibrationIsNoWorseThanPlainRounding(int blockSize, double share)
      throws Exception {
    ExportReport report = export(WeightType.INT4, blockSize, CalibrationMode.OFF);

    assertThat(loss(report.directory())).isLessThan(share * roundingLoss);
    assertThat(report.calibrationTokens()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"INT8, 0.001, 0.99", "FP16, 0.0001, 0.999"})
  void moreBitsKeepGreedyTokens(WeightType weights, double limit, double share) throws Exception {
    Path model = export(weights, 128, CalibrationMode.AUTO).directory();

    assertThat(loss(model)).isLessThan(limit);
    int equal = 0;
    int all = 0;
    try (OrtModel ort = new OrtModel(model, 1, 256)) {
      for (JsonNode fixture : read("generation.json")) {
        if (fixture.get("name").textValue().equals("greedy")) {
          long[] expected = ids(fixture.get("sequences").get(0));
          long[] found = greedy(ort, ids(fixture.get("input_ids")), expected.length);
          for (int i = 0; i < expected.length; i++) {
            equal += found[i] == expected[i] ? 1 : 0;
          }
          all += expected.length;
        }
      }
    }
    assertThat(all).isGreaterThan(100);
    assertThat(equal).isGreaterThanOrEqualTo((int) Math.ceil(share * all));
  }

  private static long[] greedy(OrtModel model, long[] prompt, int length) throws Exception {
    long[] ids = new long[length];
    float[][] rows = model.run(prompt, 0);
    for (int i = 0; i < length; i++) {
      ids[i] = best(rows[rows.length - 1]);
      if (ids[i] == EOS) {
        break;
      }
      rows = model.run(new long[] {ids[i]}, prompt.length + i);
    }
    return ids;
  }

  private static int best(float[] row) {
    int best = 0;
    for (int id = 0; id < row.length; id++) {
      best = row[id] > row[best] ? id : best;
    }
    return best;
  }

  private static ExportReport export(
      WeightType weights, int blockSize, CalibrationMode calibration) {
    String name = weights + "-" + blockSize + "-" + calibration;
    return Exporter.export(
        ExportOptions.builder(CHECKPOINT, folder.resolve(name))
            .weights(weights)
            .blockSize(blockSize)
            .calibration(calibration)
            .force(true)
            .build(),
        ExportListener.NONE);
  }

  /** Symmetric round-to-nearest with blocks of 32 for every matrix. */
  private static Path roundedToNearest() throws IOException {
    BlockFormat format = new BlockFormat(4, 32, false);
    QuantizationPlan plan =
        new QuantizationPlan() {
          @Override
          public BlockFormat projection(String weight, int columns) {
            return format;
          }

          @Override
          public BlockFormat table(int columns) {
            return format;
          }
        };
    Path target = folder.resolve("rounded");
    Path any = export(WeightType.FP32, 128, CalibrationMode.OFF).directory();
    Files.createDirectory(target);
    Files.copy(any.resolve("manifest.json"), target.resolve("manifest.json"));
    try (Checkpoint checkpoint = Checkpoint.open(CHECKPOINT);
        Workers workers = new Workers(2);
        WeightFormat weights = WeightFormat.quantized(plan, HessianSource.NONE, workers)) {
      ModelWeights model = ModelWeights.of(checkpoint.config(), checkpoint.tensors());
      new OnnxWriter("test", Map.of())
          .write(
              FusedGraph.of(checkpoint.config(), model, weights),
              target,
              (tensor, done, total) -> {});
    }
    return target;
  }

  private static long modelBytes(Path model) throws IOException {
    return Files.size(model.resolve("model.onnx")) + Files.size(model.resolve("model.onnx.data"));
  }

  private static double loss(Path model) throws Exception {
    List<float[][]> found = logits(model);
    double sum = 0;
    int count = 0;
    for (int text = 0; text < found.size(); text++) {
      for (int position = 0; position < found.get(text).length; position++) {
        sum += divergence(logits.get(text)[position], found.get(text)[position]);
        count++;
      }
    }
    return sum / count;
  }

  /** Of q from p: the sum of p log(p / q). */
  private static double divergence(float[] pLogits, float[] qLogits) {
    double[] p = logProbabilities(pLogits);
    double[] q = logProbabilities(qLogits);
    double sum = 0;
    for (int id = 0; id < p.length; id++) {
      sum += Math.exp(p[id]) * (p[id] - q[id]);
    }
    return sum;
  }

  private static double[] logProbabilities(float[] row) {
    double max = row[best(row)];
    double sum = 0;
    for (float logit : row) {
      sum += Math.exp(logit - max);
    }
    double[] result = new double[row.length];
    for (int id = 0; id < row.length; id++) {
      result[id] = row[id] - max - Math.log(sum);
    }
    return result;
  }

  private static List<float[][]> logits(Path model) throws Exception {
    List<float[][]> all = new ArrayList<>();
    try (OrtModel ort = new OrtModel(model, 1, 512)) {
      for (long[] text : texts) {
        all.add(ort.run(text, 0));
      }
    }
    return all;
  }

  private static List<long[]> texts(JsonNode scores) {
    Stream<long[]> answers =
        stream(scores.get("loglikelihood"))
            .map(
                fixture ->
                    Stream.of(ids(fixture.get("context_ids")), ids(fixture.get("continuation_ids")))
                        .flatMapToLong(Arrays::stream)
                        .toArray());
    Stream<long[]> whole = stream(scores.get("perplexity")).map(fixture -> ids(fixture.get("ids")));
    return Stream.concat(answers, whole).toList();
  }

  private static JsonNode read(String name) throws IOException {
    return new ObjectMapper().readTree(FIXTURES.resolve(name).toFile());
  }

  private static Stream<JsonNode> stream(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }

  private static long[] ids(JsonNode array) {
    return stream(array).mapToLong(JsonNode::longValue).toArray();
  }
}
