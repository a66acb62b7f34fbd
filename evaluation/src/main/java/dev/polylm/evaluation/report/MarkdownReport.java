package dev.polylm.evaluation.report;

import dev.polylm.evaluation.report.Tables.Table;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/** Writes a report as Markdown. */
final class MarkdownReport {
  private MarkdownReport() {}

  static String of(Report report) {
    StringBuilder text = new StringBuilder("# Evaluation of " + report.model() + "\n");
    for (Table table : Tables.of(report)) {
      text.append("\n## ").append(table.title()).append("\n\n");
      text.append(table.note()).append("\n\n");
      text.append(row(table.header()));
      text.append(row(Collections.nCopies(table.header().size(), "---")));
      table.rows().forEach(cells -> text.append(row(cells)));
    }
    return text.toString();
  }

  private static String row(List<String> cells) {
    return cells.stream()
        .map(cell -> cell.replace("|", "\\|").replace("\n", " "))
        .collect(Collectors.joining(" | ", "| ", " |\n"));
  }
}
