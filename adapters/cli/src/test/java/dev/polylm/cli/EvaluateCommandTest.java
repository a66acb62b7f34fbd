package dev.polylm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluateCommandTest {
  /** The synthetic sets of the evaluation's own tests. */
  static final String DATA = "../../evaluation/src/test/resources/tasks/data";

  @TempDir private Path folder;

  @Test
  void writesAReportAndSaysWhere() throws IOException {
    String output = folder.resolve("report").toString();
    Path text = Files.writeString(folder.resolve("text"), "Paris is the capital of France.");
    Run run =
        Run.of(
            "evaluate",
            "--tasks",
            "xnli,xcopa",
            "--data",
            DATA,
            "--languages",
            "zh",
            "--limit",
            "2",
            "--texts",
            text.toString(),
            "--output",
            output);
    assertThat(run.err()).isEmpty();
    assertThat(run.status()).isZero();
    assertThat(run.out()).isEqualTo(folder.resolve("report").resolve("report.md") + "\n");
    JsonNode report = new ObjectMapper().readTree(folder.resolve("report/report.json").toFile());
    assertThat(report.get("tasks")).hasSize(2);
    assertThat(report.get("tasks").get(1).get("rows").get(0).get("items").intValue()).isEqualTo(2);
    assertThat(report.get("texts").get(0).get("first").doubleValue()).isGreaterThan(1);
    assertThat(Files.readAllLines(folder.resolve("report/items.jsonl"))).hasSize(5);
  }

  @Test
  void aFailureIsASentence() {
    Run run =
        Run.of("evaluate", "--tasks", "xnli", "--data", "nowhere", "--output", folder.toString());
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err())
        .startsWith("polylm: " + Path.of("nowhere/xnli/xnli.test.tsv") + ": is missing, expected")
        .endsWith("in the first line\n");
    assertThat(Run.of("evaluate", "--tasks", "xnli").status()).isEqualTo(2);
  }
}
