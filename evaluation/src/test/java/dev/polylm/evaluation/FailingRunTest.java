package dev.polylm.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import dev.polylm.PolyLmOptions;
import dev.polylm.evaluation.report.Report;
import dev.polylm.evaluation.report.ReportFiles;
import dev.polylm.export.ExportListener;
import dev.polylm.export.ExportOptions;
import dev.polylm.export.Exporter;
import dev.polylm.generation.GenerationConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models and callers that stop an evaluation, and models whose settings are not the usual ones. */
class FailingRunTest {
  private static final Path SMALL =
      Path.of("../onnx-export/src/test/resources/checkpoints/safetensors-fp32");
  private static PolyLm model;

  @TempDir private Path folder;

  @BeforeAll
  static void open() {
    model = PolyLm.openEmbedded();
  }

  @AfterAll
  static void close() {
    model.close();
  }

  private EvaluationOptions.Builder options(String... tasks) {
    return EvaluationOptions.builder(PaperTasksTest.DATA, folder.resolve("report"))
        .tasks(List.of(tasks));
  }

  private static String timeless(Report report) {
    return ReportFiles.json(report)
        .replaceAll("\"(seconds|tokens_per_second)\" : [0-9.E-]+", "\"$1\" : 0");
  }

  private Path items() {
    return folder.resolve("report/items.jsonl");
  }

  @Test
  @SuppressWarnings("NullAway") // what a caller without checks can do
  void nullsAreNamed() {
    Evaluation evaluation = new Evaluation(options("paws-x").build());
    assertThatThrownBy(() -> evaluation.run(null)).hasMessage("model must not be null");
    assertThatThrownBy(() -> evaluation.compare(null, model)).hasMessage("model must not be null");
    assertThatThrownBy(() -> evaluation.compare(model, null)).hasMessage("other must not be null");
    assertThatThrownBy(() -> options().tasks(null).build()).hasMessage("tasks must not be null");
    assertThatThrownBy(() -> options().tasks(Arrays.asList("xnli", null)).build())
        .hasMessage("tasks must not contain null");
    assertThatThrownBy(() -> options("xnli").languages(null).build())
        .hasMessage("languages must not be null");
    assertThatThrownBy(() -> options("xnli").texts(null).build())
        .hasMessage("texts must not be null");
    assertThatThrownBy(
            () ->
                new EvaluationOptions(folder, folder, List.of("a"), List.of(), 1, null, List.of()))
        .hasMessage("shots must not be null");
  }

  @Test
  void anInterruptedEvaluationSaysSo() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> new Evaluation(options("paws-x").build()).run(model))
        .isInstanceOf(PolyLmException.class)
        .hasMessage("the evaluation was interrupted");
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void aModelThatIsClosedMidwayIsNamedWithTheItem() throws IOException {
    String whole = timeless(new Evaluation(options("xnli", "paws-x").build()).run(model));
    Files.delete(items());
    PolyLm closing = model.share();
    Evaluation evaluation =
        new Evaluation(options("xnli", "paws-x").build(), (task, done, total) -> closing.close());
    assertThatThrownBy(() -> evaluation.run(closing))
        .isInstanceOf(PolyLmException.class)
        .hasMessage("paws-x, item 0: the model is closed");
    assertThat(Files.readAllLines(items())).hasSize(1 + 25);
    assertThat(timeless(new Evaluation(options("xnli", "paws-x").build()).run(model)))
        .isEqualTo(whole);
  }

  @Test
  void aQueueWithoutRoomForAllDoesNotEndARun() {
    String whole = timeless(new Evaluation(options("xnli").build()).run(model));
    PolyLmOptions small = PolyLmOptions.builder().maxRows(1).queueCapacity(1).build();
    try (PolyLm narrow = PolyLm.openEmbedded(small)) {
      EvaluationOptions again =
          EvaluationOptions.builder(PaperTasksTest.DATA, folder.resolve("narrow"))
              .tasks(List.of("xnli"))
              .build();
      assertThat(timeless(new Evaluation(again).run(narrow))).isEqualTo(whole);
    }
  }

  @Test
  void aModelsOwnSettingsDontChangeGreedyAnswers() throws IOException {
    EvaluationOptions usual = options("wmt20").limit(2).build();
    String expected = timeless(new Evaluation(usual).compare(model, model));
    GenerationConfig settings =
        GenerationConfig.defaultsFromJson(
            """
            {"num_beams": 4, "num_return_sequences": 4, "min_new_tokens": 20,
             "suppress_tokens": [300, 301], "begin_suppress_tokens": [302], "bad_words_ids": [[9]],
             "repetition_penalty": 2.0, "guidance_scale": 1.5, "no_repeat_ngram_size": 1}
            """);
    PolyLmOptions options = PolyLmOptions.builder().generationDefaults(settings).build();
    try (PolyLm other = PolyLm.openEmbedded(options)) {
      EvaluationOptions again =
          EvaluationOptions.builder(PaperTasksTest.DATA, folder.resolve("own"))
              .tasks(List.of("wmt20"))
              .limit(2)
              .build();
      assertThat(timeless(new Evaluation(again).compare(other, other))).isEqualTo(expected);
    }
  }

  @Test
  void aTextThatIsMissingIsNamedBeforeTasksRun() {
    Path missing = folder.resolve("missing.txt");
    assertThatThrownBy(
            () -> new Evaluation(options("paws-x").texts(List.of(missing)).build()).run(model))
        .isInstanceOf(PolyLmException.class)
        .hasMessage(missing + ": is missing, expected a text");
    assertThat(items()).doesNotExist();
  }

  @Test
  void textsAreToldApart() throws IOException {
    Path one = Files.writeString(folder.resolve("text"), "Paris is the capital of France.");
    Path other = Files.createDirectory(folder.resolve("folder")).resolve("text");
    Files.writeString(other, "Berlin is the capital of Germany.");
    Report report = new Evaluation(options().texts(List.of(one, other)).build()).run(model);
    assertThat(report.texts())
        .extracting(Report.TextPerplexity::name)
        .containsExactly(one.toString(), other.toString());
    assertThatThrownBy(() -> new Evaluation(options().texts(List.of(one, one)).build()).run(model))
        .hasMessage("the texts are [%s, %s], expected each once".formatted(one, one));
    Path empty = Files.writeString(folder.resolve("empty"), "");
    assertThatThrownBy(() -> new Evaluation(options().texts(List.of(empty)).build()).run(model))
        .hasMessage(empty + ": is empty, expected a text");
  }

  @Test
  void whatASecondModelCantDoIsSaidBeforeTasksRun() throws IOException {
    try (PolyLm idsOnly =
        PolyLm.open(changed("ids", "\"tokenizer\" : \\{[^}]*\\}", "\"tokenizer\" : null"))) {
      assertThatThrownBy(() -> new Evaluation(options("paws-x").build()).compare(model, idsOnly))
          .isInstanceOf(PolyLmException.class)
          .hasMessageContaining("takes ids only");
    }
    try (PolyLm small =
        PolyLm.open(changed("small", "\"context_length\" : 512", "\"context_length\" : 256"))) {
      assertThatThrownBy(
              () -> new Evaluation(options("paws-x", "wmt20").build()).compare(model, small))
          .isInstanceOf(PolyLmException.class)
          .hasMessage(
              "wmt20: the model's context is 256, must be more than the 256 ids of an answer");
    }
    ExportOptions otherWords =
        ExportOptions.builder(SMALL, folder.resolve("words"))
            .tokenizer(false)
            .verify(false)
            .build();
    Path words = Exporter.export(otherWords, ExportListener.NONE).directory();
    try (PolyLm small = PolyLm.open(words)) {
      assertThatThrownBy(() -> new Evaluation(options("paws-x").build()).compare(model, small))
          .isInstanceOf(PolyLmException.class)
          .hasMessage("the models have vocabularies of 8192 and 320 ids, expected the same");
    }
    assertThat(items()).doesNotExist();
  }

  private Path changed(String name, String pattern, String replacement) throws IOException {
    Path copy = TinyModel.copy(folder.resolve(name), "base");
    Path manifest = copy.resolve("manifest.json");
    String json = Files.readString(manifest);
    String changed = json.replaceFirst(pattern, replacement);
    assertThat(changed).isNotEqualTo(json);
    Files.writeString(manifest, changed);
    return copy;
  }

  @Test
  void aFileIsNoPlaceForAReport() throws IOException {
    Files.writeString(folder.resolve("report"), "");
    assertThatThrownBy(() -> new Evaluation(options("paws-x").build()).run(model))
        .isInstanceOf(PolyLmException.class)
        .hasMessage(folder.resolve("report") + ": is no folder, expected one for the report");
  }

  @Test
  void languagesWithoutATaskThatHasSomeAreRefused() throws IOException {
    Path text = Files.writeString(folder.resolve("text"), "Paris is the capital of France.");
    EvaluationOptions options = options().texts(List.of(text)).languages(List.of("de")).build();
    assertThatThrownBy(() -> new Evaluation(options).run(model))
        .isInstanceOf(PolyLmException.class)
        .hasMessage("the languages are [de], but no task here has languages; leave them out");
  }
}
