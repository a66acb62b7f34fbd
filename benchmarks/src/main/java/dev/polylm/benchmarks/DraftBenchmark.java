package dev.polylm.benchmarks;

import dev.polylm.PolyLm;
import dev.polylm.PolyLmOptions;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.generation.GenerationRequest;
import dev.polylm.generation.GenerationResult;
import dev.polylm.internal.device.DeviceSettings;
import dev.polylm.internal.model.ModelDirectory;
import dev.polylm.internal.runtime.Decoder;
import dev.polylm.internal.runtime.DecoderRows;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/**
 * Measures what a draft model gains: greedy answers with it and without it, in turn, and the times
 * that decide about it.
 *
 * <p>Usage: {@code java -cp "benchmarks/target/classes:benchmarks/target/lib/*"
 * dev.polylm.benchmarks.DraftBenchmark MODEL DRAFT [ROUNDS [TOKENS]]}, where MODEL and DRAFT are
 * exported folders, such as those of a {@link MakeDraftPair}.
 */
public final class DraftBenchmark {
  private static final int PROMPT = 16;
  private static final int LONGEST_STEP = 9;

  private DraftBenchmark() {}

  public static void main(String[] args) {
    Path model = Path.of(args[0]);
    Path draft = Path.of(args[1]);
    int rounds = args.length > 2 ? Integer.parseInt(args[2]) : 5;
    int tokens = args.length > 3 ? Integer.parseInt(args[3]) : 128;
    System.out.println("a step of n ids, ms: model " + Arrays.toString(steps(model)));
    System.out.println("a step of n ids, ms: draft " + Arrays.toString(steps(draft)));
    PolyLmOptions options = PolyLmOptions.builder().draft(draft).build();
    try (PolyLm alone = PolyLm.open(model);
        PolyLm drafted = PolyLm.open(model, options)) {
      measure(alone, drafted, rounds, tokens);
    }
  }

  private static void measure(PolyLm alone, PolyLm drafted, int rounds, int tokens) {
    double[] before = new double[rounds];
    double[] after = new double[rounds];
    for (int round = -1; round < rounds; round++) {
      GenerationRequest request = request(round + 1, tokens);
      GenerationResult plain = alone.generate(request);
      GenerationResult guessed = drafted.generate(request);
      if (!Arrays.equals(plain.sequences().get(0).ids(), guessed.sequences().get(0).ids())) {
        System.out.println("the ids differ");
      }
      System.out.printf(
          Locale.ROOT,
          "round %d: %.2f tokens/s without, %.2f with; %d steps, %d of %d guesses right%n",
          round,
          perSecond(plain),
          perSecond(guessed),
          guessed.timings().steps(),
          guessed.draftCounts().accepted(),
          guessed.draftCounts().drafted());
      if (round >= 0) { // the first warms up
        before[round] = perSecond(plain);
        after[round] = perSecond(guessed);
      }
    }
    System.out.printf(
        Locale.ROOT,
        "medians: %.2f tokens/s without, %.2f with: %.2f times%n",
        median(before),
        median(after),
        median(after) / median(before));
  }

  private static GenerationRequest request(int seed, int tokens) {
    int[] prompt = new int[PROMPT];
    Arrays.setAll(prompt, i -> 100 + 37 * i + 1009 * seed);
    return GenerationRequest.ofIds(prompt)
        .withConfig(GenerationConfig.builder().maxNewTokens(tokens).minNewTokens(tokens).build());
  }

  private static double perSecond(GenerationResult result) {
    return (result.newTokens() - 1) * 1e9 / result.timings().decode().toNanos();
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  /** Returns the median time of reading 1, 2, .. ids of one row in a step, in milliseconds. */
  private static double[] steps(Path folder) {
    double[] times = new double[LONGEST_STEP];
    try (ModelDirectory directory = ModelDirectory.open(folder);
        Decoder decoder =
            Decoder.open(
                directory.file(ModelDirectory.GRAPH),
                directory.manifest().model(),
                directory.manifest().adapters(),
                DeviceSettings.CPU,
                0);
        DecoderRows rows = decoder.newRows(1, 128, LONGEST_STEP)) {
      int[] ids = new int[64];
      rows.read(0, ids, 0, 64, 1);
      double[][] all = new double[LONGEST_STEP][15];
      for (int round = 0; round < 15; round++) {
        for (int n = 1; n <= LONGEST_STEP; n++) {
          long begun = System.nanoTime();
          rows.read(0, ids, 0, n, n);
          all[n - 1][round] = (System.nanoTime() - begun) / 1e6;
          rows.truncate(0, 64);
        }
      }
      Arrays.setAll(times, n -> Math.round(median(all[n]) * 100) / 100.0);
    }
    return times;
  }
}
