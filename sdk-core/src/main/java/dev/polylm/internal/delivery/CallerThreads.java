package dev.polylm.internal.delivery;

import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Threads for callers' code that can't run on the caller's thread: listeners of {@code start},
 * subscribers of {@code publisher}, and actions that depend on a handle. The engine's thread can't
 * run this code, because all other requests would wait for it. A bounded pool can't either, because
 * such code may wait for other such code. A thread lives while there is code to run, and for a
 * second afterwards.
 */
final class CallerThreads {
  private static final int KEEP_ALIVE_SECONDS = 1;

  private static final ThreadPoolExecutor POOL =
      new ThreadPoolExecutor(
          0,
          Integer.MAX_VALUE,
          KEEP_ALIVE_SECONDS,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          CallerThreads::thread);

  private CallerThreads() {}

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "polylm-caller");
    thread.setDaemon(true);
    return thread;
  }

  static void run(Runnable action) {
    try {
      POOL.execute(action);
    } catch (OutOfMemoryError e) { // of threads: waiting callers must still be told of the end
      action.run();
    }
  }

  /**
   * An action that runs at most once at a time. If it was requested during a run, it runs once
   * more.
   */
  static final class Repeated {
    private final Runnable action;
    private final AtomicInteger asked = new AtomicInteger();

    /**
     * @param action finds all the work that there is, and does it
     */
    Repeated(Runnable action) {
      this.action = action;
    }

    /** Runs the action on a thread, or once more if it is running now. */
    void run() {
      if (asked.getAndIncrement() == 0) {
        CallerThreads.run(this::untilDone);
      }
    }

    private void untilDone() {
      for (int seen = asked.get(); seen != 0; seen = asked.addAndGet(-seen)) {
        action.run();
      }
    }
  }
}
