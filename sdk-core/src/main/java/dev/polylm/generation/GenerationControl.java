package dev.polylm.generation;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What can end a generation from outside: the time it may take, and the interrupt of its thread.
 */
final class GenerationControl {
  private final long start = System.nanoTime();
  private final Optional<Duration> maxTime;

  /**
   * @param maxTime how long it may take from now on
   */
  GenerationControl(Optional<Duration> maxTime) {
    this.maxTime = maxTime;
  }

  /** Why it must end now, null where it need not. The thread's interrupt flag stays as it is. */
  @Nullable FinishReason reasonToStop() {
    if (Thread.currentThread().isInterrupted()) {
      return FinishReason.CANCELLED;
    }
    boolean late = maxTime.isPresent() && elapsed().compareTo(maxTime.get()) > 0;
    return late ? FinishReason.TIME : null;
  }

  private Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - start);
  }
}
