package dev.polylm.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylm.PolyLmException;
import dev.polylm.model.GraphKind;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Graphs that keep keys and values in 8 bits, run by ONNX Runtime. */
class Int8CacheTest {
  @TempDir private static Path folder;
  private static List<long[]> texts;
  private static ExportReport int8;

  @BeforeAll
  static void export() throws Exception {
    texts = TinyTexts.scored();
    int8 = export(options(WeightType.FP32, "int8"));
  }

  private static ExportOptions.Builder options(WeightType weights, String name) {
    return ExportOptions.builder(TinyTexts.CHECKPOINT, folder.resolve(weights + "-" + name))
        .weights(weights)
        .kvCache(CacheType.INT8)
        .force(true);
  }

  private static ExportReport export(ExportOptions.Builder options) {
    return Exporter.export(options.build(), ExportListener.NONE);
  }

  /** Of the next token's distribution from that with a cache of floats and the same weights. */
  @ParameterizedTest
  @CsvSource({"FP32, 0.0002", "INT8, 0.001", "INT4, 0.0005"})
  void nextToNothingIsLost(WeightType weights, double limit) throws Exception {
    Path floats = plain(options(weights, "floats").kvCache(CacheType.FP32));
    Path model = plain(options(weights, "bytes"));
    assertThat(
            TinyTexts.divergence(TinyTexts.logits(floats, texts), TinyTexts.logits(model, texts)))
        .isPositive()
        .isLessThan(limit);
  }

  /** Without what else an export does to its weights, which others test and which takes longer. */
  private static Path plain(ExportOptions.Builder options) {
    return export(options.calibration(CalibrationMode.OFF).verify(false)).directory();
  }

  @Test
  void greedyTokensAreThoseOfTheFloats() throws Exception {
    assertThat(TinyTexts.shareOfGreedyIds(int8.directory())).isGreaterThanOrEqualTo(0.99);
  }

  @Test
  void whatWasMadeSaysSo() throws IOException {
    assertThat(int8.manifest().kvCache()).isEqualTo("int8");
    assertThat(int8.cacheTokens()).isBetween(1_990, 2_048);
    assertThat(int8.calibrationTokens()).isZero();
    Inspection inspection = Inspector.inspect(int8.directory());
    assertThat(inspection.manifest()).isEqualTo(int8.manifest());
    assertThat(inspection.operators()).containsEntry("com.microsoft.GroupQueryAttention", 6);
    Path graph = int8.directory().resolve("model.onnx");
    assertThat(Files.readString(graph, StandardCharsets.ISO_8859_1))
        .containsPattern("polylm\\.kv_cache\\P{Print}*int8");
    assertThat(Objects.requireNonNull(int8.verification()).klDivergence()).isLessThan(1e-3);
  }

  @Test
  void theScalesAreTheSameEachTimeAndWithAnyThreads() {
    ExportReport one = export(options(WeightType.FP32, "one").threads(1));
    assertThat(one.manifest().files()).isEqualTo(int8.manifest().files());
  }

  /** Attention sees keys and values as they are cached, those of the run itself too. */
  @Test
  void readingInPartsIsAlmostReadingAsAWhole() throws Exception {
    long[] text = texts.stream().max((a, b) -> a.length - b.length).orElseThrow();
    try (OrtModel whole = new OrtModel(int8.directory(), 1, 512);
        OrtModel parts = new OrtModel(int8.directory(), 1, 512)) {
      float[][] expected = whole.run(text, 0);
      int half = text.length / 2;
      float[][] first = parts.run(Arrays.copyOf(text, half), 0);
      float[][] second = parts.run(Arrays.copyOfRange(text, half, text.length - 1), half);
      float[][] third =
          parts.run(Arrays.copyOfRange(text, text.length - 1, text.length), text.length - 1);
      float[][] found =
          Stream.of(first, second, third).flatMap(Arrays::stream).toArray(float[][]::new);
      assertThat(OrtModel.relativeError(found, i -> expected[i])).isLessThan(1e-4);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"key_scales", "value_scales"})
  void scalesThatCameOutWrongEndTheExport(String scales) throws IOException {
    Path target = folder.resolve("broken").resolve("model");
    ExportListener breaking =
        (name, bytesDone, bytesTotal) -> {
          if (name.endsWith(scales)) {
            zero(target.getParent(), bytesDone - 1024, 1024);
          }
        };
    ExportOptions options =
        ExportOptions.builder(TinyTexts.CHECKPOINT, target)
            .weights(WeightType.FP32)
            .kvCache(CacheType.INT8)
            .build();
    assertThatThrownBy(() -> Exporter.export(options, breaking))
        .isInstanceOf(PolyLmException.class)
        .hasMessageContaining("does not compute what the checkpoint does")
        .hasMessageContaining("expected for fp32 with a cache of int8 a largest difference");
    try (Stream<Path> left = Files.list(target.getParent())) {
      assertThat(left).isEmpty();
    }
  }

  private static void zero(Path parent, long at, int bytes) {
    try (Stream<Path> partial = Files.list(parent)) {
      Path data = partial.findFirst().orElseThrow().resolve("model.onnx.data");
      try (RandomAccessFile file = new RandomAccessFile(data.toFile(), "rw")) {
        file.seek(at);
        file.write(new byte[bytes]);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void whatHasNoSuchCacheIsRefused() {
    assertRefused(
        options(WeightType.FP32, "no").graph(GraphKind.PORTABLE),
        "the key/value cache is int8 in a portable graph, expected fp32: the standard's operators"
            + " have no such cache");
    assertRefused(
        options(WeightType.FP16, "no"),
        "the key/value cache is int8 with weights of fp16, expected only one of them: ONNX"
            + " Runtime's attention supports such a cache only with 32-bit floats");
    assertRefused(
        options(WeightType.FP32, "no").tokenizer(false),
        "the key/value cache is int8 for a model without a tokenizer, expected fp32: its scales are"
            + " found by reading texts");
  }

  private static void assertRefused(ExportOptions.Builder options, String message) {
    assertThatThrownBy(() -> export(options))
        .isInstanceOf(PolyLmException.class)
        .hasMessage(message);
  }

  /** A tokenizer of another model, whose ids this one does not have. */
  @Test
  void aVocabularyThatKnowsNoTextIsRefused() throws IOException {
    Path checkpoint = folder.resolve("small");
    Files.createDirectories(checkpoint);
    Path fixture = ReferenceModel.FIXTURES.resolve("safetensors-fp32");
    for (String name : List.of("config.json", "model.safetensors")) {
      Files.copy(fixture.resolve(name), checkpoint.resolve(name));
    }
    Files.copy(
        TinyTexts.CHECKPOINT.resolve("tokenizer.model"), checkpoint.resolve("tokenizer.model"));
    assertRefused(
        ExportOptions.builder(checkpoint, folder.resolve("no")).kvCache(CacheType.INT8),
        "the key/value cache is int8, but none of the texts for its scales has only ids below"
            + " vocab_size of config.json, which is 320");
    assertThat(folder.resolve("no")).doesNotExist();
  }
}
