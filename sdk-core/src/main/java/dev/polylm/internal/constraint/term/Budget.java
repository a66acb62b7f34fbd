package dev.polylm.internal.constraint.term;

import dev.polylm.PolyLmException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Semaphore;

/**
 * The limit of an operation: time of its thread, and terms. So no schema or pattern can block a
 * thread or fill the memory. Not thread-safe.
 *
 * <p>Only as many constraints that become large are made at once as there are cores. More would not
 * be made sooner, and all of them together could fill the memory.
 */
public final class Budget implements AutoCloseable {
  private static final Duration TIME = Duration.ofSeconds(1);
  private static final int TERMS = 400_000;
  private static final int LARGE = 4_000;
  private static final Semaphore LARGE_AT_ONCE =
      new Semaphore(Runtime.getRuntime().availableProcessors(), true);

  /**
   * Reading the clock costs more than a thousand steps on some machines. Most operations have fewer
   * steps.
   */
  private static final int STEPS_BETWEEN_LOOKS = 4_096;

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final boolean BY_THREAD = THREADS.isCurrentThreadCpuTimeSupported();

  private final boolean waits;
  private boolean large;
  private long start;
  private int steps;

  private Budget(boolean waits) {
    this.waits = waits;
  }

  /** Returns the limit of making a constraint. Close it when that is done. */
  public static Budget ofMaking() {
    return new Budget(true);
  }

  /** Returns the limit of using a constraint, which never waits for others. */
  public static Budget ofUse() {
    return new Budget(false);
  }

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
    if (waits && !large && count > LARGE) {
      LARGE_AT_ONCE.acquireUninterruptibly();
      large = true;
    }
    step();
  }

  /** Lets another large constraint be made. */
  @Override
  public void close() {
    if (large) {
      LARGE_AT_ONCE.release();
      large = false;
    }
  }
}
