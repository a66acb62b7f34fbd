package dev.polylm.cli;

import picocli.CommandLine.Option;

/** The options for a file of requests and a file of answers. */
final class JsonlOptions {
  /** Stands for standard input as the requests' file, and for standard output as the answers'. */
  static final String STANDARD_STREAM = "-";

  @Option(
      names = "--jsonl",
      paramLabel = "IN",
      required = true,
      description =
          "Answers the requests in a file, one JSON object on each line; - is standard input.")
  String input = STANDARD_STREAM;

  @Option(
      names = "--output",
      paramLabel = "OUT",
      required = true,
      description =
          "The file for the answers, one on each line in the same order; - is standard output.")
  String output = STANDARD_STREAM;
}
