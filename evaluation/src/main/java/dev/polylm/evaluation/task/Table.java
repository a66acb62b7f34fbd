package dev.polylm.evaluation.task;

import dev.polylm.PolyLmException;
import dev.polylm.internal.untrusted.Quoted;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A file of columns separated by tabs, with their names in the first line and without quotes. */
final class Table {
  private final DataFile file;
  private final List<String> header;
  private final List<String[]> rows = new ArrayList<>();

  private Table(DataFile file, List<String> header) {
    this.file = file;
    this.header = header;
  }

  /**
   * Reads a file.
   *
   * @param columns the columns that are used
   */
  static Table read(DataFile file, List<String> columns) {
    List<String> lines = file.lines();
    List<String> header = lines.isEmpty() ? List.of() : List.of(lines.get(0).split("\t", -1));
    if (!header.containsAll(columns)) {
      throw new PolyLmException(
          "%s: the first line has the columns %s, must have %s; expected %s"
              .formatted(file.path(), Quoted.of(header), columns, file.form()));
    }
    Table table = new Table(file, header);
    for (int i = 1; i < lines.size(); i++) {
      String[] cells = lines.get(i).split("\t", -1);
      if (cells.length != header.size()) {
        throw new PolyLmException(
            "%s: line %s has %s columns, the first line %s; expected %s"
                .formatted(file.path(), i + 1, cells.length, header.size(), file.form()));
      }
      table.rows.add(cells);
    }
    return table;
  }

  int size() {
    return rows.size();
  }

  String cell(int row, String column) {
    return rows.get(row)[header.indexOf(column)];
  }

  /** Returns a text that must not be empty. */
  String text(int row, String column) {
    String text = cell(row, column);
    if (text.isBlank()) {
      throw new PolyLmException(
          "%s: line %s has an empty %s, must have a text; expected %s"
              .formatted(file.path(), row + 2, column, file.form()));
    }
    return text;
  }

  /** Returns the index of a cell's text among the texts that it may have. */
  int choice(int row, String column, String... choices) {
    int index = Arrays.asList(choices).indexOf(cell(row, column));
    if (index < 0) {
      throw new PolyLmException(
          "%s: line %s has %s \"%s\", must be one of %s"
              .formatted(
                  file.path(),
                  row + 2,
                  column,
                  Quoted.of(cell(row, column)),
                  Arrays.toString(choices)));
    }
    return index;
  }
}
