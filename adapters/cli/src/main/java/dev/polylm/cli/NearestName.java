package dev.polylm.cli;

import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.UnmatchedArgumentException;

/** Finds the command or option that a mistyped one was meant to be. */
final class NearestName {
  /** Shorter texts are a part of many names, and near to many. */
  private static final int SHORTEST_PART = 3;

  private NearestName() {}

  /** Returns the nearest name; empty if none is near. */
  static Optional<String> of(UnmatchedArgumentException e) {
    String typed = e.getUnmatched().get(0).split("=", 2)[0];
    CommandLine command = e.getCommandLine();
    Stream<String> names =
        typed.startsWith("-")
            ? command.getCommandSpec().options().stream().map(OptionSpec::longestName)
            : command.getSubcommands().keySet().stream();
    return names
        .filter(name -> isNear(bare(typed), bare(name)))
        .min(Comparator.comparingInt(name -> distance(bare(typed), bare(name))));
  }

  private static String bare(String name) {
    return name.replaceFirst("^-+", "").toLowerCase(Locale.ROOT);
  }

  /** A part of a name is near, and what has at most one slip in three characters. */
  private static boolean isNear(String typed, String name) {
    return typed.length() >= SHORTEST_PART
        && (name.contains(typed) || distance(typed, name) <= typed.length() / 3);
  }

  /**
   * Returns how many characters must be inserted, left out, replaced or swapped with the next to
   * make one text of another.
   */
  private static int distance(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        int same = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        d[i][j] = Math.min(d[i - 1][j - 1] + same, 1 + Math.min(d[i - 1][j], d[i][j - 1]));
        if (isSwapped(a, i, b, j)) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[a.length()][b.length()];
  }

  /** Returns whether the two characters before two places are each other's. */
  private static boolean isSwapped(String a, int i, String b, int j) {
    return i > 1
        && j > 1
        && a.charAt(i - 1) == b.charAt(j - 2)
        && a.charAt(i - 2) == b.charAt(j - 1);
  }
}
