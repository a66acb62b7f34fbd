package dev.polylm.internal.constraint.term;

import dev.polylm.PolyLmException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.Locale;

/**
 * The limit of an operation: time of its thread, and terms. So no schema or pattern can block a
 * thread or fill the memory. Not thread-safe.
 */
public final class Budget {
  private static final Duration TIME = Duration.ofSeconds(1);
  private static final int TERMS = 400_000;

  /**
   * Reading the clock costs more than a thousand steps on some machines. Most operations have fewer
   * steps.
   */
  private static final int STEPS_BETWEEN_LOOKS = 4_096;

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final boolean BY_THREAD = THREADS.isCurrentThreadCpuTimeSupported();

  private long start;
  private int steps;

  /** Restarts the time for the next operation. */
  public void restart() {
    steps = 0;
  }

  /**
   * Counts a step.
   *
   * @throws PolyLmException if the time is up
   */
  public void step() {
    if (++steps % STEPS_BETWEEN_LOOKS == 0) {
      look();
    }
  }

  private void look() {
    if (steps == STEPS_BETWEEN_LOOKS) {
      start = now();
    } else if (now() - start > TIME.toNanos()) {
      throw new PolyLmException(
          "the constraint is too costly: an operation on it took over %s s"
              .formatted(TIME.toSeconds()));
    }
  }

  /** Returns the thread's time, not the wall-clock time, because other threads must not count. */
  private static long now() {
    return BY_THREAD ? THREADS.getCurrentThreadCpuTime() : System.nanoTime();
  }

  void checkTerms(int count) {
    if (count > TERMS) {
      throw new PolyLmException(
          String.format(Locale.ROOT, "the constraint is too large: it has over %,d terms", TERMS));
    }
    step();
  }
}
