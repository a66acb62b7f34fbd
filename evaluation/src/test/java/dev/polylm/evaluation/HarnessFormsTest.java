package dev.polylm.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import dev.polylm.evaluation.report.Report.TaskReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Forms of YAML files that the harness knows, and what Python makes of them. The expected texts are
 * those of Jinja 3.1.6 with the harness' settings.
 */
class HarnessFormsTest {
  private static final String CHOICES =
      """
      task: t
      dataset_path: json
      dataset_kwargs: {data_files: {test: data.jsonl}}
      test_split: test
      output_type: multiple_choice
      doc_to_text: "Q:"
      doc_to_choice: ["no", "yes"]
      """;
  private static final String TEXTS =
      """
      task: t
      dataset_path: json
      dataset_kwargs: {data_files: {test: data.jsonl}}
      test_split: test
      generation_kwargs: {max_gen_toks: 2, until: ""}
      """;
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

  private Evaluation evaluation(String yaml, String... documents) throws IOException {
    Files.writeString(folder.resolve("data.jsonl"), String.join("\n", documents));
    Path file = Files.writeString(folder.resolve("task.yaml"), yaml);
    return new Evaluation(
        EvaluationOptions.builder(folder, folder.resolve("report"))
            .tasks(List.of(file.toString()))
            .shots(1)
            .build());
  }

  /** Evaluates one document, and returns its line of items.jsonl. */
  private JsonNode item(String yaml, String document) throws IOException {
    evaluation(yaml + "num_fewshot: 0\n", document).run(model);
    List<String> lines = Files.readAllLines(folder.resolve("report/items.jsonl"));
    assertThat(lines).hasSize(2);
    return new ObjectMapper().readTree(lines.get(1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "doc_to_target: label | {\"label\": true} | 1",
        "doc_to_target: label | {\"label\": false} | 0",
        "doc_to_target: label | {\"label\": \"yes\"} | 1",
        "doc_to_target: \"{{label}}\" | {\"label\": 1} | 1",
        "doc_to_target: \"{{1 if label == 1 else 0}}\" | {\"label\": true} | 1",
        "doc_to_target: \"{{1 if label == 1 else 0}}\" | {\"label\": 1.0} | 1",
        "doc_to_target: \"{{0 if label else 1}}\" | {\"label\": 0.0} | 1",
        "doc_to_target: \"{{0 if label else 1}}\" | {\"label\": {}} | 1",
        "doc_to_target: \"{{0 if label[0] else 1}}\" | {\"label\": [null]} | 1"
      })
  void theRightChoiceIsThatOfPython(String target, String document, String gold)
      throws IOException {
    assertThat(item(CHOICES + target + "\n", document).get("gold").intValue())
        .isEqualTo(Integer.parseInt(gold));
  }

  @Test
  void aTruthValueInATemplateIsATextOfPython() throws IOException {
    String yaml =
        CHOICES.replace("[\"no\", \"yes\"]", "[\"False\", \"True\"]")
            + "doc_to_target: \"{{label}}\"\n";
    assertThat(item(yaml, "{\"label\": true}").get("gold").intValue()).isOne();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{{a.strip()}}. ; {\"a\": \"\\u00a0x\\u202f\"} ; x.",
        "{{a|trim}}. ; {\"a\": \"\\u0085x\\u2007\"} ; x.",
        ".{{a.lstrip()}}{{a.rstrip()}}. ; {\"a\": \"\\u00a0x\\u00a0\"} ; .x\u00a0\u00a0x.",
        "{{a|capitalize}} ; {\"a\": \"ßA\"} ; Ssa",
        "{{a|capitalize}} ; {\"a\": \"ǆA\"} ; ǅa",
        "{{a|capitalize}} ; {\"a\": \"αΣ\"} ; Ας",
        "{{a|capitalize}} ; {\"a\": \"İI\"} ; İi",
        "{{a}} {{b}} {{c}} ; {\"a\": 0.5, \"b\": 100000.0, \"c\": 1e15} ; 0.5 100000.0"
            + " 1000000000000000.0",
        "{{a}} ; {\"a\": 99999999999999999999} ; 99999999999999999999"
      })
  void textsAreThoseOfJinja(String template, String document, String prompt) throws IOException {
    String yaml = TEXTS + "doc_to_text: \"" + template + "\"\ndoc_to_target: \"x\"\n";
    assertThat(item(yaml, document).get("prompt").textValue()).isEqualTo(prompt);
  }

  @Test
  void theTargetOfAGenerationCanBeAChoice() throws IOException {
    String yaml =
        TEXTS + "doc_to_text: \"Q:\"\ndoc_to_target: label\ndoc_to_choice: [\"no\", \"yes\"]\n";
    assertThat(item(yaml, "{\"label\": 1}").get("references")).hasToString("[\"yes\"]");
  }

  @Test
  void theTargetsCanBeAList() throws IOException {
    String yaml = TEXTS + "doc_to_text: \"Q:\"\ndoc_to_target: [\"no\", \"yes\"]\n";
    assertThat(item(yaml, "{\"label\": 1}").get("references")).hasToString("[\"no\",\"yes\"]");
  }

  @Test
  void theLongestAnswerHasSeveralNames() throws IOException {
    String yaml = TEXTS.replace("max_gen_toks", "max_new_tokens");
    JsonNode item = item(yaml + "doc_to_text: \"Paris is\"\ndoc_to_target: \"x\"\n", "{\"a\": 1}");
    assertThat(item.get("new_tokens").intValue()).isEqualTo(2);
  }

  @Test
  void metricsAreTheHarnessOwnIfNoneAreNamed() throws IOException {
    TaskReport report =
        evaluation(CHOICES + "num_fewshot: 0\ndoc_to_target: a\n", "{\"a\": 1}")
            .run(model)
            .tasks()
            .get(0);
    assertThat(report.measures()).containsExactly("acc", "acc_norm");
    assertThat(report.shots()).isZero();
  }

  @Test
  void aFailureNamesTheLine() throws IOException {
    Evaluation evaluation =
        evaluation(
            CHOICES + "num_fewshot: 0\ndoc_to_target: a\n", "{\"a\": 1}", "{\"a\": \"maybe\"}");
    assertThatThrownBy(() -> evaluation.run(model))
        .isInstanceOf(PolyLmException.class)
        .hasMessage(
            "%s, with line 2 of %s: the right answer is maybe, must be one of [no, yes] or an index"
                .formatted(folder.resolve("task.yaml"), folder.resolve("data.jsonl")));
  }

  @Test
  void aTemplateOfManyOperationsIsRefused() throws IOException {
    StringBuilder many = new StringBuilder("a");
    IntStream.range(0, 100_000).forEach(i -> many.append("|trim"));
    Evaluation evaluation =
        evaluation(CHOICES + "num_fewshot: 0\ndoc_to_target: \"{{" + many + "}}\"\n", "{\"a\": 1}");
    assertThatThrownBy(() -> evaluation.run(model))
        .isInstanceOf(PolyLmException.class)
        .hasMessageContaining("expected at most 500 operations");
  }

  @Test
  void tasksAreInTheOrderInWhichTheyWereAskedFor() throws IOException {
    Path file = Path.of("src/test/resources/harness/tasks/paws_de.yaml").toAbsolutePath();
    Files.createDirectories(folder.resolve("xcopa/it"));
    Files.copy(
        PaperTasksTest.DATA.resolve("xcopa/it/test.it.jsonl"),
        folder.resolve("xcopa/it/test.it.jsonl"));
    Files.copy(
        Path.of("src/test/resources/harness/data/paws_de.jsonl"), folder.resolve("paws_de.jsonl"));
    EvaluationOptions options =
        EvaluationOptions.builder(folder, folder.resolve("report"))
            .tasks(List.of(file.toString(), "xcopa"))
            .limit(1)
            .build();
    assertThat(new Evaluation(options).run(model).tasks())
        .extracting(TaskReport::name)
        .containsExactly("paws_de", "xcopa");
  }
}
