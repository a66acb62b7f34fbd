package dev.polylm.cli;

import dev.polylm.internal.untrusted.NearestNames;
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
        .min(Comparator.comparingInt(name -> NearestNames.distance(bare(typed), bare(name))));
  }

  private static String bare(String name) {
    return name.replaceFirst("^-+", "").toLowerCase(Locale.ROOT);
  }

  /** A part of a name is near, and what has at most one slip in three characters. */
  private static boolean isNear(String typed, String name) {
    return typed.length() >= SHORTEST_PART
        && typed.length() <= NearestNames.LONGEST
        && (name.contains(typed) || NearestNames.distance(typed, name) <= typed.length() / 3);
  }
}
