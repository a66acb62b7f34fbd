package dev.polylm.jakarta.rest;

import dev.polylm.jakarta.config.PolyLmSettings;
import dev.polylm.jakarta.openai.ApiException;
import dev.polylm.jakarta.openai.Work;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The requests that are being answered or wait, each with a thread. Thread-safe. */
@ApplicationScoped
public class Traffic {
  @Inject private PolyLmSettings settings;

  private final AtomicInteger threads = new AtomicInteger();
  private final ExecutorService pool = Executors.newCachedThreadPool(this::thread);
  private final ScheduledThreadPoolExecutor clock =
      new ScheduledThreadPoolExecutor(1, this::thread);
  private final Map<Integer, Integer> running = new HashMap<>(); // guarded by this; by caller
  private final Set<Work> works = new HashSet<>(); // guarded by this
  private int total; // guarded by this
  private long cancelled; // guarded by this
  private boolean closed; // guarded by this

  Traffic() {
    clock.setRemoveOnCancelPolicy(true); // else it keeps what belongs to an ended request
  }

  private Thread thread(Runnable action) {
    Thread thread = new Thread(action, "polylm-request-" + threads.incrementAndGet());
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Counts a request in.
   *
   * @param caller whose request it is
   * @throws ApiException if the limit of requests in progress is reached
   */
  synchronized void enter(int caller) {
    if (closed) {
      throw ApiException.unavailable("The server is shutting down.");
    }
    if (total >= settings.server().maxRequests()) {
      throw ApiException.tooManyRequests(
          "%s requests are in progress, which is the limit: try again later.".formatted(total));
    }
    int ofCaller = running.getOrDefault(caller, 0);
    if (ofCaller >= settings.server().maxRequestsPerKey()) {
      throw ApiException.tooManyRequests(
          "%s requests of this key are in progress, which is the limit: try again later."
              .formatted(ofCaller));
    }
    running.put(caller, ofCaller + 1);
    total++;
  }

  /** Counts a request out. */
  synchronized void leave(int caller) {
    running.merge(caller, -1, (old, change) -> old + change == 0 ? null : old + change);
    total--;
  }

  /** Returns how many requests are being answered or wait. */
  public synchronized int total() {
    return total;
  }

  /** Cancels a request whose client disconnected before its end. */
  void cancel(Work work) {
    synchronized (this) {
      if (works.remove(work)) {
        cancelled++;
      }
    }
    work.cancel();
  }

  /** Returns how many clients have disconnected before the end of their request so far. */
  public synchronized long cancelled() {
    return cancelled;
  }

  /** Returns whether another request would be refused. */
  public boolean isFull() {
    return total() >= settings.server().maxRequests();
  }

  /** Runs an action that does the work on a thread. The end of the application ends it. */
  void run(Work work, Runnable action) {
    synchronized (this) {
      if (closed) {
        throw ApiException.unavailable("The server is shutting down.");
      }
      works.add(work);
    }
    boolean started = false;
    try {
      pool.execute(
          () -> {
            try {
              action.run();
            } finally {
              forget(work);
            }
          });
      started = true;
    } finally {
      if (!started) { // no thread is available
        forget(work);
      }
    }
  }

  /** Runs an action every second on a thread of its own, until it is cancelled. */
  Future<?> everySecond(Runnable action) {
    return clock.scheduleWithFixedDelay(() -> pool.execute(action), 1, 1, TimeUnit.SECONDS);
  }

  /** Runs an action after some time on a thread of its own, unless it is cancelled before. */
  Future<?> after(Duration time, Runnable action) {
    return clock.schedule(() -> pool.execute(action), time.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Returns how many actions wait for their time. */
  int waitingActions() {
    return clock.getQueue().size();
  }

  private synchronized void forget(Work work) {
    works.remove(work);
  }

  /** Cancels the requests in progress and waits for their end. */
  @PreDestroy
  void close() {
    synchronized (this) {
      closed = true;
      works.forEach(Work::cancel);
    }
    clock.shutdownNow();
    pool.shutdown();
    try {
      pool.awaitTermination(settings.server().requestTime().toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
