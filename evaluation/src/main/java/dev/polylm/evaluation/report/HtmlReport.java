package dev.polylm.evaluation.report;

import dev.polylm.evaluation.report.Tables.Table;
import java.util.List;

/** Writes a report as a page. Its style is in the page; it loads nothing. */
final class HtmlReport {
  private static final String BEGIN =
      """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <title>%1$s</title>
      <style>
      body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; }
      table { border-collapse: collapse; width: 100%%; }
      th, td { border-bottom: 1px solid #ccc; padding: .25rem .5rem; text-align: left; }
      .bar { background: #4a7fb5; display: inline-block; height: .8em; margin-left: .5em; }
      .scale { display: inline-block; vertical-align: middle; width: 10rem; }
      </style>
      </head>
      <body>
      <h1>%1$s</h1>
      """;

  private HtmlReport() {}

  static String of(Report report) {
    StringBuilder page =
        new StringBuilder(BEGIN.formatted(escape("Evaluation of " + report.model())));
    for (Table table : Tables.of(report)) {
      page.append(
          "<h2>%s</h2>\n<p>%s</p>\n<table>\n"
              .formatted(escape(table.title()), escape(table.note())));
      page.append(row("th", table.header(), -1));
      table.rows().forEach(cells -> page.append(row("td", cells, table.bars())));
      page.append("</table>\n");
    }
    return page.append("</body>\n</html>\n").toString();
  }

  private static String row(String tag, List<String> cells, int bars) {
    StringBuilder row = new StringBuilder("<tr>");
    for (int i = 0; i < cells.size(); i++) {
      String bar = i == bars ? bar(cells.get(i)) : "";
      row.append("<%s>%s%s</%s>".formatted(tag, escape(cells.get(i)), bar, tag));
    }
    return row.append("</tr>\n").toString();
  }

  private static String bar(String score) {
    return "<span class=\"scale\"><span class=\"bar\" style=\"width: %s%%\"></span></span>"
        .formatted(score);
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
