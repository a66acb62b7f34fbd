package dev.polylm.evaluation.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.polylm.PolyLmException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Writes a report. */
public final class ReportFiles {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build();

  private ReportFiles() {}

  /**
   * Writes {@code report.md}, {@code report.json} and {@code report.html} into a folder.
   *
   * @throws PolyLmException if a file can't be written
   */
  public static void write(Report report, Path folder) {
    write(folder.resolve("report.md"), MarkdownReport.of(report));
    write(folder.resolve("report.json"), json(report));
    write(folder.resolve("report.html"), HtmlReport.of(report));
  }

  /** Returns the report as JSON. */
  public static String json(Report report) {
    try {
      return JSON.writeValueAsString(report) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a report of plain values can always be written", e);
    }
  }

  /** Writes beside the file first, so that a reader never sees half of it. */
  private static void write(Path file, String text) {
    try {
      Path half = file.resolveSibling(file.getFileName() + ".part");
      Files.writeString(half, text);
      Files.move(half, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new PolyLmException("%s: can't be written: %s".formatted(file, e), e);
    }
  }
}
