package dev.polylm.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylm.EngineState;
import dev.polylm.PolyLm;
import dev.polylm.jakarta.rest.Traffic;
import jakarta.enterprise.inject.spi.CDI;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/**
 * Many clients at once, each with one stream after the other. A third of the streams is left in the
 * middle. {@code -Dload.seconds=30} runs longer.
 */
final class LoadTest {
  private static final int CLIENTS = 200;
  private static final int SECONDS = Integer.getInteger("load.seconds", 4);
  private static final List<String> PROMPTS =
      List.of("Monday", "Beijing is", "The sea", "北京", "Heute", "Bonjour", "مرحبا", "Ein Haus");

  private static final Map<String, String> CONFIG =
      Map.of("polylm.server.max-requests", "600", "polylm.server.max-requests-per-key", "600");

  @Test
  void noAnswerIsLostOrMixedAndNothingStays() throws InterruptedException, ExecutionException {
    try (PolyLmServer server = PolyLmServer.start("127.0.0.1", 0, CONFIG)) {
      server.awaitModels();
      List<String> alone =
          PROMPTS.stream().map(prompt -> new LoadClient(server.uri(), prompt).whole()).toList();
      run(server, alone, 1); // what is made once is there
      long before = liveBytes();
      List<LoadClient.Figures> figures = run(server, alone, SECONDS);
      assertThat(figures).allSatisfy(one -> assertThat(one.wrong()).isEmpty());
      int whole = figures.stream().mapToInt(LoadClient.Figures::whole).sum();
      int left = figures.stream().mapToInt(LoadClient.Figures::left).sum();
      assertThat(whole).isPositive();
      assertThat(left).isPositive();
      awaitRest();
      long after = liveBytes();
      report(figures, whole, left, before, after);
      assertThat(after - before).isLessThan(24L << 20);
    }
  }

  private static List<LoadClient.Figures> run(PolyLmServer server, List<String> alone, int seconds)
      throws InterruptedException, ExecutionException {
    long end = System.nanoTime() + seconds * 1_000_000_000L;
    ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
    try {
      List<Future<LoadClient.Figures>> running = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        int place = i % PROMPTS.size();
        LoadClient client = new LoadClient(server.uri(), PROMPTS.get(place));
        int first = i;
        running.add(threads.submit(() -> client.run(alone.get(place), first, end)));
      }
      List<LoadClient.Figures> figures = new ArrayList<>();
      for (Future<LoadClient.Figures> one : running) {
        figures.add(one.get());
      }
      return figures;
    } finally {
      threads.shutdownNow();
    }
  }

  /** Waits until the server has noticed that clients have gone, and nothing runs. */
  private static void awaitRest() {
    Traffic traffic = CDI.current().select(Traffic.class).get();
    PolyLm polyLm = CDI.current().select(PolyLm.class).get();
    EngineState state = polyLm.engineState();
    while (traffic.total() > 0 || state.running() > 0 || state.waiting() > 0) {
      Thread.onSpinWait();
      state = polyLm.engineState();
    }
  }

  private static long liveBytes() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  private static void report(
      List<LoadClient.Figures> figures, int whole, int left, long before, long after) {
    double[] first =
        figures.stream()
            .flatMap(one -> one.firstPieceMillis().stream())
            .mapToDouble(Double::doubleValue)
            .sorted()
            .toArray();
    System.out.printf(
        "%d clients, %d s: %d whole answers, %d left midway; first piece after %.0f ms (median),"
            + " %.0f ms (95%%), %.0f ms (last); live heap %d MB before, %d MB after%n",
        CLIENTS,
        SECONDS,
        whole,
        left,
        first[first.length / 2],
        first[first.length * 95 / 100],
        first[first.length - 1],
        before >> 20,
        after >> 20);
    assertThat(Arrays.stream(first).allMatch(millis -> millis > 0)).isTrue();
  }
}
