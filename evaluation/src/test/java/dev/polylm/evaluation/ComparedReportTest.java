package dev.polylm.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.polylm.PolyLm;
import dev.polylm.PolyLmOptions;
import dev.polylm.evaluation.report.Report;
import dev.polylm.evaluation.report.Report.Row;
import dev.polylm.evaluation.report.Report.TaskReport;
import dev.polylm.export.ExportListener;
import dev.polylm.export.ExportOptions;
import dev.polylm.export.Exporter;
import dev.polylm.export.WeightType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The table that compares two models, as it stands in report.md. */
class ComparedReportTest {
  private static final Path CHECKPOINT = Path.of("../examples/polylm-tiny/checkpoint");
  private static final List<String> TASKS = List.of("xnli", "wmt20");

  @TempDir private Path folder;

  @Test
  void bothModelsHaveTheScoresThatTheyHaveAlone() throws IOException {
    Path text = Files.writeString(folder.resolve("text.txt"), "Paris is the capital of France.\n");
    ExportOptions export =
        ExportOptions.builder(CHECKPOINT, folder.resolve("int4")).weights(WeightType.INT4).build();
    Path int4 = Exporter.export(export, ExportListener.NONE).directory();
    try (PolyLm first = PolyLm.openEmbedded();
        PolyLm second = open(int4)) {
      Report alone = new Evaluation(options("alone").build()).run(second);
      new Evaluation(options("compared").texts(List.of(text)).build()).compare(first, second);
      List<String[]> rows = table("compared", "Compared with");
      List<String[]> expected = scoresAlone(alone);
      assertThat(rows).hasSameSizeAs(expected);
      for (int i = 0; i < rows.size(); i++) {
        checkRow(rows.get(i), expected.get(i));
      }
      String content = Files.readString(text);
      assertThat(table("compared", "Perplexity"))
          .containsExactly(
              new String[] {
                "text.txt", three(first.perplexity(content)), three(second.perplexity(content))
              });
    }
  }

  @Test
  void aModelDoesNotDifferFromItself() throws IOException {
    try (PolyLm model = open(TinyModel.copy(folder.resolve("tiny"), "base"))) {
      new Evaluation(options("compared").build()).compare(model, model);
    }
    assertThat(table("compared", "Compared with"))
        .isNotEmpty()
        .allSatisfy(
            row -> {
              assertThat(row[3]).isEqualTo(row[4]);
              assertThat(Arrays.copyOfRange(row, 5, 9))
                  .containsExactly("+0.0", "0.0 to 0.0", "1.000", "0.000");
            });
  }

  private static PolyLm open(Path model) {
    return PolyLm.open(model, PolyLmOptions.builder().prefixReuse(false).build());
  }

  private EvaluationOptions.Builder options(String output) {
    return EvaluationOptions.builder(PaperTasksTest.DATA, folder.resolve(output)).tasks(TASKS);
  }

  /** Returns task, language, the score of transformers with the first model, and the second's. */
  private static List<String[]> scoresAlone(Report second) throws IOException {
    JsonNode first =
        new ObjectMapper()
            .readTree(PaperTasksTest.RESOURCES.resolve("expected.json").toFile())
            .get("base");
    List<String[]> rows = new ArrayList<>();
    for (TaskReport task : second.tasks()) {
      String measure = task.measures().get(0);
      for (Row row : task.rows()) {
        JsonNode scores = first.get(task.name()).get(row.language()).get("scores");
        rows.add(
            new String[] {
              task.name(),
              row.language(),
              one(scores.get(measure).doubleValue()),
              one(row.scores().get(0))
            });
      }
    }
    return rows;
  }

  private static void checkRow(String[] found, String[] expected) {
    assertThat(new String[] {found[0], found[1], found[3], found[4]}).containsExactly(expected);
    double difference = Double.parseDouble(found[4]) - Double.parseDouble(found[3]);
    assertThat(Math.abs(Double.parseDouble(found[5]) - difference)).isLessThan(0.11);
    assertThat(Double.parseDouble(found[7])).isBetween(0.0, 1.0);
    assertThat(Double.parseDouble(found[8])).isPositive();
  }

  /** Returns the cells of a table of report.md, without its header. */
  private List<String[]> table(String output, String title) throws IOException {
    List<String> lines = Files.readAllLines(folder.resolve(output).resolve("report.md"));
    return lines.stream()
        .dropWhile(line -> !line.startsWith("## " + title))
        .dropWhile(line -> !line.startsWith("|"))
        .takeWhile(line -> line.startsWith("|"))
        .skip(2)
        .map(line -> line.replaceAll("^\\| *| *\\|$", "").split(" *\\| *"))
        .toList();
  }

  private static String one(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }

  private static String three(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }
}
