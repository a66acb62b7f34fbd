package dev.polylm.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylm.model.QkvFacts;
import dev.polylm.model.TextPerplexity;
import dev.polylm.prompt.Language;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What exports say of themselves: polylm-tiny in either order of c_attn, and a random model. */
class JudgedExportTest {
  @TempDir private static Path shared;
  private static Path interleaved = Path.of("");

  @TempDir private Path folder;

  @BeforeAll
  static void reorder() throws IOException {
    interleaved = InterleavedCheckpoint.of(TinyTexts.CHECKPOINT, shared.resolve("interleaved"));
  }

  private ExportOptions.Builder options(Path checkpoint) {
    return ExportOptions.builder(checkpoint, folder.resolve("out"))
        .weights(WeightType.INT4)
        .calibration(CalibrationMode.OFF)
        .force(true);
  }

  private static ExportReport export(ExportOptions.Builder options) {
    return Exporter.export(options.build(), ExportListener.NONE);
  }

  private static QkvFacts qkv(ExportReport report) {
    return Objects.requireNonNull(report.manifest().qkv());
  }

  private static TextPerplexity perplexity(ExportReport report) {
    return Objects.requireNonNull(report.manifest().perplexity());
  }

  private static double concatenated(QkvFacts qkv) {
    return Objects.requireNonNull(qkv.concatenatedPerplexity());
  }

  private static double interleaved(QkvFacts qkv) {
    return Objects.requireNonNull(qkv.interleavedPerplexity());
  }

  @Test
  void eitherOrderIsFoundByItself() {
    ExportReport plain = export(options(TinyTexts.CHECKPOINT));
    ExportReport reordered = export(options(interleaved));

    assertThat(plain.manifest().files().get("model.onnx.data"))
        .isNotNull()
        .isEqualTo(reordered.manifest().files().get("model.onnx.data"));
    assertThat(qkv(plain).layout()).isEqualTo("concatenated");
    assertThat(qkv(reordered).layout()).isEqualTo("interleaved");
    assertThat(concatenated(qkv(plain))).isEqualTo(interleaved(qkv(reordered))).isLessThan(8);
    assertThat(interleaved(qkv(plain))).isGreaterThan(20);
    assertThat(concatenated(qkv(reordered))).isGreaterThan(20);
    assertThat(reordered.notes())
        .hasSize(2)
        .contains(
            "The outputs of c_attn are read as interleaved: 255 tokens of texts have a perplexity"
                + " of 29.38 read as concatenated, 5.615 as interleaved");
    assertThat(reordered.warnings()).isEmpty();
  }

  @Test
  void perplexitiesAreToldByLanguage() {
    TextPerplexity found = perplexity(export(options(TinyTexts.CHECKPOINT)));

    assertThat(found.byLanguage())
        .containsOnlyKeys(
            Arrays.stream(Language.values()).map(Language::code).toArray(String[]::new));
    assertThat(found.byLanguage().values()).allSatisfy(p -> assertThat(p).isBetween(1.0, 300.0));
    assertThat(found.tokens()).isBetween(300, 1024);
    assertThat(found.all()).isBetween(5.0, 40.0);
    assertThat(found.unigram()).isBetween(1000.0, 2500.0);
    assertThat(Perplexities.sentence(found))
        .matches(
            "The exported graph reads 442 tokens of texts with a perplexity of 1[0-9.]+ \\(a"
                + " predictor that only knows how often each token occurs has 1,542\\); by"
                + " language: ar [0-9.]+, de .*,"
                + " zh [0-9.]+");
  }

  @Test
  void anOrderThatIsAskedForIsObeyed() {
    ExportReport report = export(options(interleaved).qkvLayout(QkvLayout.CONCATENATED));

    assertThat(qkv(report))
        .isEqualTo(new QkvFacts("concatenated", "the options say so", null, null));
    assertThat(perplexity(report).all()).isGreaterThan(200);
    assertThat(report.notes()).singleElement().asString().startsWith("The exported graph reads ");
  }

  @Test
  void aModelOfNoiseIsCalledSo() throws IOException {
    Path noise = Files.createDirectory(folder.resolve("noise"));
    RandomCheckpoint.write(noise, new RandomCheckpoint.Size(2, 64, 4, 8200, 128));
    Files.copy(TinyTexts.CHECKPOINT.resolve("tokenizer.model"), noise.resolve("tokenizer.model"));

    ExportReport report = export(options(noise));

    assertThat(qkv(report).layout()).isEqualTo("concatenated");
    assertThat(report.notes())
        .hasSize(2)
        .anySatisfy(note -> assertThat(note).endsWith(", which is not a clear difference"));
    assertThat(report.warnings())
        .hasSize(2)
        .contains(
            "vocab_size of config.json is 8200, but tokenizer.model has 8192 ids: those from there"
                + " on have no text");
    assertThat(report.warnings().get(1))
        .startsWith("the model reads texts with a perplexity of ")
        .contains(
            "no better than noise, whose perplexity is the vocabulary's size, 8,200",
            "--qkv-layout",
            "it is gelu_erf");
  }

  @Test
  void withoutTokenizerNothingIsRead() {
    ExportReport report = export(options(TinyTexts.CHECKPOINT).tokenizer(false));

    assertThat(report.manifest().perplexity()).isNull();
    assertThat(report.notes())
        .isEqualTo(
            List.of(
                "The outputs of c_attn are read as concatenated: there is no tokenizer to read"
                    + " texts with"));
  }
}
