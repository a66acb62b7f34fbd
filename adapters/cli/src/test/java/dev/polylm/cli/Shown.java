package dev.polylm.cli;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jline.utils.ScreenTerminal;

/** What a terminal shows after a program wrote to it. */
final class Shown {
  private Shown() {}

  /** Returns the rows of a screen, without spaces at their ends and empty rows at the end. */
  static String on(int columns, int rows, String written) {
    ScreenTerminal screen = new ScreenTerminal(columns, rows);
    screen.write(written);
    long[] cells = new long[columns * rows];
    screen.dump(cells, 0, 0, rows, columns, null);
    return IntStream.range(0, rows)
        .mapToObj(row -> row(cells, row * columns, columns))
        .collect(Collectors.joining("\n"))
        .stripTrailing();
  }

  private static String row(long[] cells, int from, int columns) {
    StringBuilder text = new StringBuilder();
    for (int i = from; i < from + columns; i++) {
      int codePoint = ScreenTerminal.cellCodePoint(cells[i]);
      if (codePoint > 0) {
        text.appendCodePoint(codePoint);
      }
    }
    return text.toString().stripTrailing();
  }
}
