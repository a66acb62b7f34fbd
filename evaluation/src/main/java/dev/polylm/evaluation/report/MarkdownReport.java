package dev.polylm.evaluation.report;

import dev.polylm.evaluation.report.Tables.Table;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Writes a report as Markdown. */
final class MarkdownReport {
  private static final Pattern MARKUP = Pattern.compile("[\\\\`*\\[\\]<>|&]");
  private static final Pattern BREAK = Pattern.compile("[\\p{Cntrl}\\x{85}\\x{2028}\\x{2029}]");

  private MarkdownReport() {}

  static String of(Report report) {
    StringBuilder text =
        new StringBuilder("# Evaluation of " + plain(report.model().toString()) + "\n");
    for (Table table : Tables.of(report)) {
      text.append("\n## ").append(plain(table.title())).append("\n\n");
      text.append(plain(table.note())).append("\n\n");
      text.append(row(table.header()));
      text.append(row(Collections.nCopies(table.header().size(), "---")));
      table.rows().forEach(cells -> text.append(row(cells)));
    }
    return text.toString();
  }

  private static String row(List<String> cells) {
    return cells.stream()
        .map(MarkdownReport::plain)
        .collect(Collectors.joining(" | ", "| ", " |\n"));
  }

  /** Keeps names of models, tasks and files from being markup, or HTML that a viewer would show. */
  private static String plain(String text) {
    return MARKUP.matcher(BREAK.matcher(text).replaceAll(" ")).replaceAll("\\\\$0");
  }
}
