package dev.polylm.evaluation.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.polylm.PolyLmException;
import dev.polylm.evaluation.metric.Interval;
import dev.polylm.evaluation.report.Report.ModelFacts;
import dev.polylm.evaluation.report.Report.Row;
import dev.polylm.evaluation.report.Report.TaskReport;
import dev.polylm.evaluation.report.Report.TextPerplexity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportFilesTest {
  /** What a model, a task or a file could be called by somebody who means ill. */
  private static final String HOSTILE = "<img src=x>&[a](b)`*|\\|\n## c\u2028";

  private static final String IN_MARKDOWN = "\\<img src=x\\>\\&\\[a\\](b)\\`\\*\\|\\\\\\| ## c ";

  @TempDir private Path folder;

  private static Report report() {
    Row row = new Row(HOSTILE, 1, List.of(50.0), new Interval(9.5, 90.5), null, 1, 2, HOSTILE);
    return new Report(
        new ModelFacts(HOSTILE, "int4", "fp32", "base", HOSTILE),
        List.of(new TaskReport(HOSTILE, List.of(HOSTILE), 0, List.of(row), List.of())),
        List.of(new TextPerplexity(HOSTILE, 2, null)),
        null);
  }

  @Test
  void namesAreTextInEachForm() throws IOException {
    ReportFiles.write(report(), folder);
    List<String> markdown = Files.readAllLines(folder.resolve("report.md"));
    assertThat(markdown)
        .startsWith(
            "# Evaluation of %s (weights int4, cache fp32, adapter %s)"
                .formatted(IN_MARKDOWN, IN_MARKDOWN),
            "",
            "## " + IN_MARKDOWN,
            "",
            "Before each item: 0 examples.",
            "")
        .contains(
            "| %s | 1 | 50.0 | 9.5 to 90.5 |  | 1.0 | 2.0 | %s |"
                .formatted(IN_MARKDOWN, IN_MARKDOWN),
            "| %s | 2.000 |  |".formatted(IN_MARKDOWN));
    assertThat(Files.readString(folder.resolve("report.html")))
        .contains("<h2>&lt;img src=x&gt;&amp;[a](b)`*|")
        .doesNotContain("<img");
    assertThat(new ObjectMapper().readTree(folder.resolve("report.json").toFile()).get("model"))
        .hasToString(
            new ObjectMapper()
                .createObjectNode()
                .put("name", HOSTILE)
                .put("weights", "int4")
                .put("kv_cache", "fp32")
                .put("prompt_form", "base")
                .put("adapter", HOSTILE)
                .toString());
  }

  @Test
  void saysWhyItCantBeWritten() {
    Path missing = folder.resolve("missing");
    assertThatThrownBy(() -> ReportFiles.write(report(), missing))
        .isInstanceOf(PolyLmException.class)
        .hasMessageContaining("report.md: can't be written: java.nio.file.NoSuchFileException: ");
  }
}
