package dev.polylm.evaluation.report;

import dev.polylm.evaluation.metric.Interval;
import dev.polylm.evaluation.report.Report.Average;
import dev.polylm.evaluation.report.Report.ComparedRow;
import dev.polylm.evaluation.report.Report.Comparison;
import dev.polylm.evaluation.report.Report.Row;
import dev.polylm.evaluation.report.Report.TaskReport;
import dev.polylm.evaluation.report.Report.TextPerplexity;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The tables of a report, for both of its forms that people read. */
final class Tables {
  private static final String NONE = "";

  /**
   * A table.
   *
   * @param title what is above it
   * @param note a sentence below the title
   * @param header the names of the columns
   * @param rows the cells
   * @param bars the column whose cells are also shown as bars from 0 to 100, or -1
   */
  record Table(String title, String note, List<String> header, List<List<String>> rows, int bars) {}

  private Tables() {}

  static List<Table> of(Report report) {
    List<Table> tables = new ArrayList<>();
    for (TaskReport task : report.tasks()) {
      tables.add(task(task));
    }
    Comparison comparison = report.comparison();
    if (comparison != null) {
      tables.add(comparison(report, comparison));
    }
    if (!report.texts().isEmpty()) {
      tables.add(texts(report));
    }
    return tables;
  }

  private static Table task(TaskReport task) {
    List<String> header = new ArrayList<>(List.of("language", "items", task.measures().get(0)));
    header.addAll(List.of("95%", "paper, 13B"));
    header.addAll(task.measures().subList(1, task.measures().size()));
    header.addAll(List.of("seconds", "tokens/s", "computed as"));
    List<List<String>> rows = new ArrayList<>();
    for (Row row : task.rows()) {
      List<String> cells = new ArrayList<>();
      cells.addAll(List.of(row.language(), Integer.toString(row.items())));
      cells.addAll(List.of(one(row.scores().get(0)), range(row.interval()), one(row.paper())));
      row.scores().subList(1, row.scores().size()).forEach(score -> cells.add(one(score)));
      cells.addAll(List.of(one(row.seconds()), one(row.tokensPerSecond()), row.signature()));
      rows.add(cells);
    }
    for (Average average : task.averages()) {
      List<String> cells = new ArrayList<>();
      cells.addAll(List.of("mean, " + average.group(), NONE, one(average.score()), NONE));
      cells.add(one(average.paper()));
      while (cells.size() < header.size()) {
        cells.add(NONE);
      }
      rows.add(cells);
    }
    String examples = task.shots() == 1 ? "1 example" : task.shots() + " examples";
    return new Table(task.name(), "Before each item: " + examples + ".", header, rows, 2);
  }

  private static Table comparison(Report report, Comparison comparison) {
    List<List<String>> rows = new ArrayList<>();
    for (ComparedRow row : comparison.rows()) {
      rows.add(
          List.of(
              row.task(),
              row.language(),
              Integer.toString(row.items()),
              one(row.first()),
              one(row.second()),
              signed(row.difference()),
              range(row.interval()),
              three(row.probability()),
              three(row.divergence())));
    }
    return new Table(
        "Compared with " + comparison.model(),
        "First: %s. Second: %s. The difference is the second score minus the first."
            .formatted(report.model(), comparison.model()),
        List.of(
            "task", "language", "items", "first", "second", "difference", "95%", "p", "KL, nats"),
        rows,
        -1);
  }

  private static Table texts(Report report) {
    List<List<String>> rows = new ArrayList<>();
    for (TextPerplexity text : report.texts()) {
      rows.add(List.of(text.name(), three(text.first()), three(text.second())));
    }
    return new Table("Perplexity", "Of whole texts.", List.of("text", "first", "second"), rows, -1);
  }

  private static String range(Interval interval) {
    return one(interval.low()) + " to " + one(interval.high());
  }

  private static String one(@Nullable Double value) {
    return value == null ? NONE : String.format(Locale.ROOT, "%.1f", value);
  }

  private static String signed(double value) {
    return String.format(Locale.ROOT, "%+.1f", value);
  }

  private static String three(@Nullable Double value) {
    return value == null ? NONE : String.format(Locale.ROOT, "%.3f", value);
  }
}
