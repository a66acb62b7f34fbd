package dev.polylm.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ends a command that the user stops with Ctrl-C: interrupts its thread, so that the model ends its
 * answer, and lets the command print what there is before the JVM ends. The JVM then gives the exit
 * status 130.
 */
final class Interruption {
  private static final long LOOK_MILLIS = 20;
  private static final long LONGEST_MILLIS = 5_000;

  private final Thread command;
  private final StandardInput in;
  private final CountDownLatch done = new CountDownLatch(1);

  private Interruption(Thread command, StandardInput in) {
    this.command = command;
    this.in = in;
  }

  /** Watches over the command of this thread. */
  static Interruption ofThisThread(StandardInput in) {
    Interruption interruption = new Interruption(Thread.currentThread(), in);
    Runtime.getRuntime().addShutdownHook(new Thread(interruption::end, "polylm-interruption"));
    return interruption;
  }

  /** Lets the JVM end at once. */
  void workIsDone() {
    done.countDown();
  }

  private void end() {
    if (done.getCount() == 0) {
      return;
    }
    command.interrupt();
    try {
      for (long waited = 0; waited < LONGEST_MILLIS; waited += LOOK_MILLIS) {
        if (done.await(LOOK_MILLIS, TimeUnit.MILLISECONDS) || in.isWaitedFor()) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
