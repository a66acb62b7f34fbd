package dev.polylm.cli;

import picocli.CommandLine.Option;

/** A file of requests, and where its answers go. */
final class JsonlOptions {
  /** Names standard input as the requests' file, standard output as the answers'. */
  static final String STANDARD_STREAM = "-";

  @Option(
      names = "--jsonl",
      paramLabel = "IN",
      required = true,
      description = "Answers the requests of a file, a JSON object a line; - is standard input.")
  String input = STANDARD_STREAM;

  @Option(
      names = "--output",
      paramLabel = "OUT",
      required = true,
      description = "The answers, a line each in the same order; - is standard output.")
  String output = STANDARD_STREAM;
}
