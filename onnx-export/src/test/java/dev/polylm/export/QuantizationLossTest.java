package dev.polylm.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylm.export.checkpoint.Checkpoint;
import dev.polylm.export.graph.FusedGraph;
import dev.polylm.export.graph.WeightFormat;
import dev.polylm.export.onnx.OnnxWriter;
import dev.polylm.export.parallel.Workers;
import dev.polylm.export.quantize.BlockFormat;
import dev.polylm.export.quantize.Hessian;
import dev.polylm.export.quantize.QuantizationPlan;
import dev.polylm.export.weights.ModelWeights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
  @TempDir private static Path folder;
  private static List<long[]> texts;
  private static List<float[][]> logits;
  private static double roundingLoss;
  private static long roundingBytes;

  @BeforeAll
  static void measureFloatsAndPlainRounding() throws Exception {
    texts = TinyTexts.scored();
    logits =
        TinyTexts.logits(export(WeightType.FP32, 128, CalibrationMode.AUTO).directory(), texts);
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
    assertThat(TinyTexts.shareOfGreedyIds(model)).isGreaterThanOrEqualTo(share);
  }

  private static ExportReport export(
      WeightType weights, int blockSize, CalibrationMode calibration) {
    String name = weights + "-" + blockSize + "-" + calibration;
    return Exporter.export(
        ExportOptions.builder(TinyTexts.CHECKPOINT, folder.resolve(name))
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
    try (Checkpoint checkpoint = Checkpoint.open(TinyTexts.CHECKPOINT);
        Workers workers = new Workers(2);
        WeightFormat weights = WeightFormat.quantized(plan, Hessian.Source.NONE, workers)) {
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
    return TinyTexts.divergence(logits, TinyTexts.logits(model, texts));
  }
}
