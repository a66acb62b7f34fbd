package dev.polylm.benchmarks;

import dev.polylm.PolyLm;
import dev.polylm.PolyLmOptions;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.generation.GenerationConfigBuilder;
import dev.polylm.generation.GenerationHandle;
import dev.polylm.generation.GenerationRequest;
import dev.polylm.generation.GenerationResult;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;

/**
 * Measures what requests gain by sharing a model, as ratios of times in one process. Each ratio is
 * the median of rounds that take turns.
 *
 * <p>Usage: {@code java -cp "benchmarks/target/classes:benchmarks/target/lib/*"
 * dev.polylm.benchmarks.EngineBenchmark [MODEL]}, where MODEL is an exported folder; without it,
 * polylm-tiny.
 */
public final class EngineBenchmark implements AutoCloseable {
  private static final int NEW_TOKENS = 32;
  private static final int ROWS = 8;
  private static final int BEAMS = 4;
  private static final int ROUNDS = 5;
  private static final int SHORT_PROMPT = 8;
  private static final int PREFIX = 512;
  private static final int LONG_PROMPT = 1500;

  private final PolyLm polyLm;
  private final Random random = new Random(1);
  private final int vocabSize;
  private final int contextLength;

  EngineBenchmark(PolyLm polyLm) {
    this.polyLm = polyLm;
    this.vocabSize = polyLm.manifest().model().vocabSize();
    this.contextLength = polyLm.manifest().model().contextLength();
  }

  /** A ratio and its two times. */
  record Ratio(String what, double seconds, double ofSeconds) {
    double value() {
      return seconds / ofSeconds;
    }
  }

  public static void main(String[] args) {
    PolyLmOptions options = PolyLmOptions.defaults();
    try (EngineBenchmark benchmark =
        new EngineBenchmark(
            args.length == 0
                ? PolyLm.openEmbedded(options)
                : PolyLm.open(Path.of(args[0]), options))) {
      for (Ratio ratio : benchmark.measure(ROUNDS)) {
        System.out.printf(
            Locale.ROOT,
            "%s: %.2f (%.1f ms to %.1f ms)%n",
            ratio.what(),
            ratio.value(),
            ratio.seconds() * 1e3,
            ratio.ofSeconds() * 1e3);
      }
    }
  }

  @Override
  public void close() {
    polyLm.close();
  }

  List<Ratio> measure(int rounds) {
    return List.of(
        ratio(
            rounds,
            "tokens/s of %s greedy requests at once to those of one".formatted(ROWS),
            () -> ROWS * seconds(this::greedy),
            () -> seconds(this::greedyAtOnce)),
        ratio(
            rounds,
            "a step of %s beams to a greedy step".formatted(BEAMS),
            () -> perStep(config().numBeams(BEAMS).build()),
            () -> perStep(config().build())),
        prefixMetAgain(rounds),
        firstTokenBesideALongPrompt(rounds));
  }

  /** Runs both in turn, so that other work on the machine slows both down alike. */
  private static Ratio ratio(int rounds, String what, DoubleSupplier a, DoubleSupplier b) {
    double[] as = new double[rounds];
    double[] bs = new double[rounds];
    for (int round = -1; round < rounds; round++) {
      double secondsOfA = a.getAsDouble();
      double secondsOfB = b.getAsDouble();
      if (round >= 0) { // the first warms up
        as[round] = secondsOfA;
        bs[round] = secondsOfB;
      }
    }
    return new Ratio(what, median(as), median(bs));
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }

  private static double seconds(Runnable action) {
    long start = System.nanoTime();
    action.run();
    return (System.nanoTime() - start) / 1e9;
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }

  private static GenerationConfigBuilder config() {
    return GenerationConfig.builder().maxNewTokens(NEW_TOKENS).minNewTokens(NEW_TOKENS);
  }

  /** Returns random ids, so that no two prompts begin alike. */
  private int[] prompt(int length) {
    return random.ints(length, vocabSize / 2, vocabSize).toArray();
  }

  private static GenerationRequest request(int[] ids, GenerationConfig config) {
    return GenerationRequest.ofIds(ids).withConfig(config);
  }

  private void greedy() {
    polyLm.generate(request(prompt(SHORT_PROMPT), config().build()));
  }

  private void greedyAtOnce() {
    List<GenerationHandle> handles = new ArrayList<>();
    IntStream.range(0, ROWS)
        .forEach(i -> handles.add(polyLm.start(request(prompt(SHORT_PROMPT), config().build()))));
    handles.forEach(GenerationHandle::result);
  }

  private double perStep(GenerationConfig config) {
    return seconds(polyLm.generate(request(prompt(SHORT_PROMPT), config)).timings().perStep());
  }

  private double prefill(int[] ids) {
    GenerationConfig one = GenerationConfig.builder().maxNewTokens(1).build();
    return seconds(polyLm.generate(request(ids, one)).timings().prefill());
  }

  private Ratio prefixMetAgain(int rounds) {
    int length = Math.min(PREFIX, contextLength / 2);
    double[] first = new double[rounds];
    double[] again = new double[rounds];
    for (int round = 0; round < rounds; round++) {
      int[] ids = prompt(length + 1);
      first[round] = prefill(Arrays.copyOf(ids, length));
      again[round] = prefill(ids);
    }
    return new Ratio(
        "the prefill of a prefix of %s ids met again to the first".formatted(length),
        median(again),
        median(first));
  }

  private Ratio firstTokenBesideALongPrompt(int rounds) {
    int length = Math.min(LONG_PROMPT, contextLength * 3 / 4);
    int chunk = PolyLmOptions.defaults().promptChunk();
    double[] firstToken = new double[rounds];
    double[] ofAChunk = new double[rounds];
    GenerationConfig one = GenerationConfig.builder().maxNewTokens(1).build();
    for (int round = 0; round < rounds; round++) {
      ofAChunk[round] = prefill(prompt(length)) * chunk / length;
      GenerationHandle reading = polyLm.start(request(prompt(length), one));
      sleep(ofAChunk[round] * 2.5);
      GenerationResult result = polyLm.generate(request(prompt(SHORT_PROMPT), one));
      firstToken[round] = seconds(result.timings().firstToken());
      reading.result();
    }
    return new Ratio(
        "the first token of a short prompt while %s ids are read, in chunks of them"
            .formatted(length),
        median(firstToken),
        median(ofAChunk));
  }

  private static void sleep(double seconds) {
    try {
      Thread.sleep((long) (seconds * 1e3));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
