package dev.polylm.internal.constraint.term;

import dev.polylm.PolyLmException;
import java.time.Duration;

/**
 * What an operation may cost before it is refused: time, and terms. Nothing that a caller wrote, a
 * schema or a pattern, can keep a thread or fill the memory. Not thread-safe.
 */
public final class Budget {
  private static final Duration TIME = Duration.ofSeconds(1);
  private static final int TERMS = 400_000;
  private static final int STEPS_BETWEEN_LOOKS = 128;

  private long start = System.nanoTime();
  private int steps;

  /** Gives the next operation its own time. */
  public void restart() {
    start = System.nanoTime();
  }

  /**
   * Counts a step.
   *
   * @throws PolyLmException where the time is up
   */
  public void step() {
    if (++steps % STEPS_BETWEEN_LOOKS == 0 && System.nanoTime() - start > TIME.toNanos()) {
      throw new PolyLmException(
          "the constraint is too costly: an operation on it took over %d s"
              .formatted(TIME.toSeconds()));
    }
  }

  void checkTerms(int count) {
    if (count > TERMS) {
      throw new PolyLmException(
          "the constraint is too large: it has over %,d terms".formatted(TERMS));
    }
    step();
  }
}
