package dev.polylm.cli;

import dev.polylm.PolyLm;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.generation.GenerationRequest;
import dev.polylm.generation.GenerationResult;
import dev.polylm.generation.Timings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/** Measures a model. Each figure is the median of some runs, after one that does not count. */
final class Bench {
  private static final int RUNS = 3;
  private static final Path STATUS = Path.of("/proc/self/status");

  private final PolyLm polyLm;
  private final int newTokens;
  private final Random random = new Random(1);

  Bench(PolyLm polyLm, int newTokens) {
    this.polyLm = polyLm;
    this.newTokens = newTokens;
  }

  /**
   * How fast some rows were.
   *
   * @param rows how many requests ran at once
   * @param context the length of each prompt
   * @param firstTokenSeconds the time to the first token
   * @param prefillRate how many prompt tokens were read in a second, all rows together
   * @param stepsRate how many decoding steps were made in a second
   */
  record Speed(
      int rows, int context, double firstTokenSeconds, double prefillRate, double stepsRate) {

    /** Returns how many tokens were generated in a second, all rows together. */
    double decodeRate() {
      return rows * stepsRate;
    }
  }

  /** Measures requests with prompts of a length that run at once. */
  Speed measure(int rows, int context) {
    run(rows, context);
    List<Speed> speeds = new ArrayList<>();
    for (int i = 0; i < RUNS; i++) {
      speeds.add(run(rows, context));
    }
    speeds.sort(Comparator.comparingDouble(Speed::stepsRate));
    return speeds.get(RUNS / 2);
  }

  private Speed run(int rows, int context) {
    GenerationConfig config =
        GenerationConfig.builder().minNewTokens(newTokens).maxNewTokens(newTokens).build();
    List<GenerationRequest> requests = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      requests.add(GenerationRequest.ofIds(prompt(context)).withConfig(config));
    }
    double first = 0;
    double decode = 0;
    for (GenerationResult result : polyLm.generateAll(requests)) {
      Timings timings = result.timings();
      first = Math.max(first, timings.firstToken().toNanos() / 1e9);
      decode = Math.max(decode, timings.decode().toNanos() / 1e9);
    }
    return new Speed(rows, context, first, rows * context / first, (newTokens - 1) / decode);
  }

  /** Returns other ids each time, so that no keys and values of an earlier prompt can be used. */
  private int[] prompt(int length) {
    int vocabulary = polyLm.manifest().model().vocabSize();
    return random.ints(length, Math.min(300, vocabulary / 2), vocabulary).toArray();
  }

  /** Returns the memory of the process in bytes; -1 if the system does not tell. */
  static long residentBytes() {
    if (!Files.isReadable(STATUS)) {
      return -1;
    }
    try {
      for (String line : Files.readAllLines(STATUS)) {
        if (line.startsWith("VmRSS:")) {
          return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
        }
      }
    } catch (IOException e) {
      // Then it is not known.
    }
    return -1;
  }
}
