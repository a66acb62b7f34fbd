package dev.polylm.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.polylm.PolyLm;
import dev.polylm.evaluation.report.Report;
import dev.polylm.evaluation.report.Report.Row;
import dev.polylm.evaluation.report.Report.TaskReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The seven tasks on polylm-tiny beside what transformers and the Python references give;
 * make_tasks.py made the data and recorded the results.
 */
class PaperTasksTest {
  static final Path RESOURCES = Path.of("src/test/resources/tasks");
  static final Path DATA = RESOURCES.resolve("data");
  static final List<String> ALL =
      List.of("xnli", "xcopa", "paws-x", "xwinograd", "tydiqa", "mtg", "wmt20");
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  @Test
  void aBaseModelHasTheScoresOfTransformers() throws IOException {
    try (PolyLm model = PolyLm.openEmbedded()) {
      check(new Evaluation(options(ALL)).run(model), "base", 1);
    }
  }

  @Test
  void aTunedModelHasTheScoresOfTransformers() throws IOException {
    Path tuned = TinyModel.copy(folder.resolve("model"), "multialpaca");
    try (PolyLm model = PolyLm.open(tuned)) {
      Report report = new Evaluation(options(ALL)).run(model);
      check(report, "multialpaca", 0);
      assertThat(report.tasks().get(0).rows().get(0).paper()).isNull();
      assertThat(report.tasks().get(0).averages().get(0).paper()).isNull(); // of 3 of 10 languages
    }
  }

  private EvaluationOptions options(List<String> tasks) {
    return EvaluationOptions.builder(DATA, folder.resolve("report")).tasks(tasks).build();
  }

  private void check(Report report, String form, int shots) throws IOException {
    JsonNode expected = JSON.readTree(RESOURCES.resolve("expected.json").toFile()).get(form);
    assertThat(report.tasks()).hasSize(expected.size());
    for (TaskReport task : report.tasks()) {
      JsonNode languages = expected.get(task.name());
      assertThat(task.rows())
          .extracting(Row::language)
          .containsExactlyInAnyOrderElementsOf(names(languages));
      task.rows().forEach(row -> checkScores(task, row, languages.get(row.language())));
      boolean generates = task.measures().size() > 1;
      assertThat(task.shots()).isEqualTo(generates ? shots : 0);
    }
    checkItems(expected);
  }

  private static List<String> names(JsonNode object) {
    return object.properties().stream().map(Map.Entry::getKey).toList();
  }

  private static void checkScores(TaskReport task, Row row, JsonNode expected) {
    assertThat(row.items()).isEqualTo(expected.get("items").size());
    for (Map.Entry<String, JsonNode> score : expected.get("scores").properties()) {
      int measure = task.measures().indexOf(score.getKey());
      assertThat(row.scores().get(measure))
          .as("%s, %s, %s", task.name(), row.language(), score.getKey())
          .isCloseTo(score.getValue().doubleValue(), within(1e-6));
    }
    if (expected.has("signature")) {
      assertThat(row.signature()).isEqualTo(expected.get("signature").textValue());
    }
    assertThat(row.interval().low()).isLessThanOrEqualTo(row.scores().get(0));
    assertThat(row.interval().high()).isGreaterThanOrEqualTo(row.scores().get(0));
  }

  /** Compares each line of items.jsonl with the recorded item. */
  private void checkItems(JsonNode expected) throws IOException {
    List<String> lines = Files.readAllLines(folder.resolve("report/items.jsonl"));
    Map<String, Integer> seen = new HashMap<>();
    for (String line : lines.subList(1, lines.size())) {
      JsonNode item = JSON.readTree(line);
      String task = item.get("task").textValue();
      String language = item.get("language").textValue();
      int index = seen.merge(task + " " + language, 1, Integer::sum) - 1;
      checkItem(item, expected.get(task).get(language).get("items").get(index));
    }
    assertThat(lines).hasSize(1 + 7 * 25);
  }

  private static void checkItem(JsonNode item, JsonNode expected) {
    if (expected.has("answer")) {
      assertThat(item.get("answer")).as(item.toString()).isEqualTo(expected.get("answer"));
      assertThat(item.get("new_tokens")).isEqualTo(expected.get("new_tokens"));
      return;
    }
    assertThat(item.get("tokens")).as(item.toString()).isEqualTo(expected.get("tokens"));
    for (int i = 0; i < expected.get("sums").size(); i++) {
      assertThat(item.get("log_likelihoods").get(i).doubleValue())
          .as(item.toString())
          .isCloseTo(expected.get("sums").get(i).doubleValue(), within(2e-3));
    }
  }
}
