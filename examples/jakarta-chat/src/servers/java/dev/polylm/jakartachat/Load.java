package dev.polylm.jakartachat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * Asks a server from many clients without a pause, and checks each answer against that to the same
 * request when it was asked alone. From time to time a burst of more requests than the server takes
 * comes on top: only then may it refuse any. For Linux.
 */
final class Load {
  static final int CLIENTS = 64; // as many as the server takes
  private static final int BURST = 32;
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1); // as the server says
  private static final int ANSWERS_BETWEEN_BURSTS = 300;

  private final Api api;
  private final ProcessHandle server;
  private final List<LoadRequest> requests = LoadRequest.all();
  private final Map<LoadRequest, String> expected = new HashMap<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicLong right = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();
  private final AtomicLong burstsBegun = new AtomicLong();
  private final AtomicLong burstsEnded = new AtomicLong();
  private final Queue<String> wrong = new ConcurrentLinkedQueue<>();

  /**
   * Load for a server that takes {@link #CLIENTS} requests at a time.
   *
   * @param server its process
   */
  Load(Api api, ProcessHandle server) {
    this.api = api;
    this.server = server;
    for (LoadRequest request : requests) {
      expected.put(request, request.ask(api).orElseThrow());
    }
  }

  /** Answers that were as expected. */
  long right() {
    return right.get();
  }

  /** Requests that were refused while a burst was under way. */
  long refused() {
    return refused.get();
  }

  /** What went wrong: other answers, other statuses, requests refused without a burst. */
  Queue<String> wrong() {
    return wrong;
  }

  /** Runs for a time, and tells at each of its minutes and at its end how it stands. */
  void run(Duration time) throws InterruptedException {
    System.out.printf("before: server %s%n", resident());
    long end = System.nanoTime() + time.toNanos();
    CountDownLatch clients = new CountDownLatch(CLIENTS);
    for (int client = 0; client < CLIENTS; client++) {
      Random random = new Random(client);
      threads.execute(() -> askUntil(end, random, clients));
    }
    for (long minute = 1; minute <= time.toMinutes(); minute++) {
      clients.await(1, TimeUnit.MINUTES);
      report("minute " + minute);
    }
    long rest = Math.max(0, end - System.nanoTime());
    if (!clients.await(rest + Duration.ofMinutes(2).toNanos(), TimeUnit.NANOSECONDS)) {
      wrong.add("%d clients still wait for an answer".formatted(clients.getCount()));
    }
    threads.shutdown();
    report("at the end");
  }

  private void askUntil(long end, Random random, CountDownLatch done) {
    while (System.nanoTime() < end) {
      if (!ask(random)) {
        LockSupport.parkNanos(RETRY_AFTER.toNanos());
      }
    }
    done.countDown();
  }

  /** Makes one request, at times a burst of them after it, and returns whether it was answered. */
  private boolean ask(Random random) {
    boolean answered = askOnce(random);
    if (answered && right.incrementAndGet() % ANSWERS_BETWEEN_BURSTS == 1) {
      burst(random);
    }
    return answered;
  }

  private void burst(Random random) {
    burstsBegun.incrementAndGet();
    CompletableFuture.allOf(
            IntStream.range(0, BURST)
                .mapToObj(i -> new Random(random.nextLong()))
                .map(own -> CompletableFuture.runAsync(() -> ask(own), threads))
                .toArray(CompletableFuture[]::new))
        .join();
    burstsEnded.incrementAndGet();
  }

  /** Makes one request and returns whether its answer was right. */
  private boolean askOnce(Random random) {
    LoadRequest request = requests.get(random.nextInt(requests.size()));
    long endedBefore = burstsEnded.get();
    try {
      Optional<String> answer = request.ask(api);
      if (answer.isEmpty()) {
        countRefused(request, burstsBegun.get() > endedBefore);
      } else if (answer.get().equals(expected.get(request))) {
        return true;
      } else {
        wrong.add("%s: %s, not %s".formatted(request, answer.get(), expected.get(request)));
      }
    } catch (RuntimeException e) {
      wrong.add("%s: %s".formatted(request, e));
    }
    return false;
  }

  private void countRefused(LoadRequest request, boolean inBurst) {
    if (inBurst) {
      refused.incrementAndGet();
    } else {
      wrong.add("%s: refused while no more than %d requests were made".formatted(request, CLIENTS));
    }
  }

  private void report(String when) {
    System.out.printf(
        "%s: %d right answers, %d wrong or lost, %d refused in %d bursts; server %s%n",
        when, right.get(), wrong.size(), refused.get(), burstsBegun.get(), resident());
  }

  private String resident() {
    try (var lines = Files.lines(Path.of("/proc", String.valueOf(server.pid()), "status"))) {
      return lines
          .filter(line -> line.startsWith("VmRSS"))
          .map(line -> line.replaceAll("\\s+", " "))
          .findFirst()
          .orElse("VmRSS: not known");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
