package dev.polylm.benchmarks;

import dev.polylm.PolyLm;
import dev.polylm.PolyLmOptions;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.generation.GenerationConfigBuilder;
import dev.polylm.generation.GenerationHandle;
import dev.polylm.generation.GenerationRequest;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Loads one model from many threads without a pause, with greedy, drawn and beam requests, and
 * cancels some of them. It prints the memory of the process, which must stay the same after the
 * first minutes.
 *
 * <p>Usage: {@code java -cp "benchmarks/target/classes:benchmarks/target/lib/*"
 * dev.polylm.benchmarks.EngineLoad MINUTES [MODEL]}, where MODEL is an exported folder; without it,
 * polylm-tiny. For Linux.
 */
public final class EngineLoad {
  private static final int THREADS = 16;
  private static final int MAX_NEW_TOKENS = 64;
  private static final long MINUTE = 60_000_000_000L;

  private final PolyLm polyLm;
  private final AtomicLong requests = new AtomicLong();
  private final AtomicLong tokens = new AtomicLong();

  EngineLoad(PolyLm polyLm) {
    this.polyLm = polyLm;
  }

  public static void main(String[] args) throws IOException, InterruptedException {
    int minutes = Integer.parseInt(args[0]);
    PolyLmOptions options = PolyLmOptions.builder().keyValueBytes(1 << 29).build();
    try (PolyLm polyLm =
        args.length > 1 ? PolyLm.open(Path.of(args[1]), options) : PolyLm.openEmbedded(options)) {
      new EngineLoad(polyLm).run(minutes);
    }
  }

  private void run(int minutes) throws IOException, InterruptedException {
    long start = System.nanoTime();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      Random random = new Random(i);
      Thread thread =
          new Thread(
              () -> {
                while (System.nanoTime() - start < minutes * MINUTE) {
                  ask(random);
                }
              });
      thread.start();
      threads.add(thread);
    }
    for (int minute = 1; minute <= minutes; minute++) {
      Thread.sleep(Math.max(0, (start + minute * MINUTE - System.nanoTime()) / 1_000_000));
      report(minute);
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }

  /** Makes one request, and cancels one in five. */
  void ask(Random random) {
    GenerationHandle handle = polyLm.start(request(random));
    if (random.nextInt(5) == 0) {
      handle.cancel();
    }
    tokens.addAndGet(handle.result().newTokens());
    requests.incrementAndGet();
  }

  long tokens() {
    return tokens.get();
  }

  private GenerationRequest request(Random random) {
    GenerationConfigBuilder config =
        GenerationConfig.builder().maxNewTokens(1 + random.nextInt(MAX_NEW_TOKENS));
    switch (random.nextInt(3)) {
      case 0 -> config.numBeams(1 + random.nextInt(4));
      case 1 -> config.doSample(true).seed(random.nextLong());
      default -> {}
    }
    int longest = polyLm.manifest().model().contextLength() - MAX_NEW_TOKENS;
    int vocabSize = polyLm.manifest().model().vocabSize();
    int[] ids = random.ints(1 + random.nextInt(longest), vocabSize / 2, vocabSize).toArray();
    return GenerationRequest.ofIds(ids).withConfig(config.build());
  }

  private void report(int minute) throws IOException {
    long direct =
        ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
            .filter(pool -> pool.getName().equals("direct"))
            .mapToLong(BufferPoolMXBean::getMemoryUsed)
            .sum();
    String resident =
        Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(line -> line.startsWith("VmRSS"))
            .findFirst()
            .orElse("VmRSS: not known");
    System.out.printf(
        Locale.ROOT,
        "minute %s: %s requests, %s tokens, %s, %s MB direct%n",
        minute,
        requests.get(),
        tokens.get(),
        resident.replaceAll("\\s+", " "),
        direct >> 20);
  }
}
