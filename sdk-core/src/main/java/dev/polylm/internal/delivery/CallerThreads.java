package dev.polylm.internal.delivery;

import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads on which code of a caller's is run that has no thread of its caller's: listeners of
 * {@code start}, subscribers of {@code publisher}, and actions that depend on a handle. The
 * engine's thread can't run it, as all other requests would wait with it, nor can a pool with a
 * bound, as such code may wait for other such code. A thread is there while there is something to
 * run, and for a second afterwards.
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
    } catch (OutOfMemoryError e) { // of threads: whoever waits must hear of the end all the same
      action.run();
    }
  }

  /** An action that is run once at a time, and once more whenever it was asked for meanwhile. */
  static final class Repeated {
    private final Runnable action;
    private final AtomicInteger asked = new AtomicInteger();

    /**
     * @param action finds out itself what there is to do, and does all of it
     */
    Repeated(Runnable action) {
      this.action = action;
    }

    /** Has the action run on a thread, once more after it where it runs now. */
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
