package dev.polylm.export.parallel;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/**
 * A fixed number of threads that share numbered tasks. The caller's thread is one of them, so with
 * one thread there is no other. Two callers must not use it at once, and a task must not use it.
 */
public final class Workers implements AutoCloseable {
  private final int threads;
  private final ExecutorService helpers;

  /**
   * @param threads how many threads work, including the caller's; at least 1
   * @throws IllegalArgumentException if threads is below 1
   */
  public Workers(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads is " + threads + ", expected at least 1");
    }
    this.threads = threads;
    this.helpers = Executors.newFixedThreadPool(Math.max(1, threads - 1), Workers::daemon);
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "polylm-export");
    thread.setDaemon(true);
    return thread;
  }

  /** Returns how many threads work, including the caller's. */
  public int threads() {
    return threads;
  }

  /**
   * Runs task(0) to task(count - 1) in any order, and returns when all have ended. If a task
   * throws, this method throws the same once no task is running any more; tasks that have not begun
   * are dropped.
   */
  public void forEach(int count, IntConsumer task) {
    AtomicInteger next = new AtomicInteger();
    Runnable share =
        () -> {
          try {
            for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
              task.accept(i);
            }
          } catch (RuntimeException | Error e) {
            next.set(count);
            throw e;
          }
        };
    List<Future<?>> shares = new ArrayList<>();
    for (int i = 1; i < Math.min(threads, count); i++) {
      shares.add(helpers.submit(share));
    }
    runAndJoin(share, shares);
  }

  private static void runAndJoin(Runnable own, List<Future<?>> others) {
    Throwable failure = null;
    try {
      own.run();
    } catch (RuntimeException | Error e) {
      failure = e;
    }
    boolean interrupted = false;
    for (Future<?> other : others) {
      while (true) {
        try {
          other.get();
          break;
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          failure = failure == null ? e.getCause() : failure;
          break;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (failure instanceof RuntimeException e) {
      throw e;
    }
    if (failure instanceof Error e) {
      throw e;
    }
  }

  @Override
  public void close() {
    helpers.shutdownNow();
  }
}
