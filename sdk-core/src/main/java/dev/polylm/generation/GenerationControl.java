package dev.polylm.generation;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What can end a generation from outside: a cancellation from any thread, the time it may take, and
 * the interrupt of its thread.
 */
final class GenerationControl {
  private final long start = System.nanoTime();
  private final Optional<Duration> maxTime;
  private boolean cancelled; // guarded by this
  private @Nullable Runnable terminator; // guarded by this

  /**
   * @param maxTime how long it may take from now on
   */
  GenerationControl(Optional<Duration> maxTime) {
    this.maxTime = maxTime;
  }

  /** Ends the generation, and the run of the model that is under way. */
  synchronized void cancel() {
    cancelled = true;
    if (terminator != null) {
      terminator.run();
    }
  }

  /** Says how the run under way is ended; null when there is none any more. */
  synchronized void setTerminator(@Nullable Runnable terminator) {
    this.terminator = terminator;
    if (cancelled && terminator != null) {
      terminator.run();
    }
  }

  /** Why it must end now, null where it need not. The thread's interrupt flag stays as it is. */
  synchronized @Nullable FinishReason reasonToStop() {
    if (cancelled || Thread.currentThread().isInterrupted()) {
      return FinishReason.CANCELLED;
    }
    boolean late = maxTime.isPresent() && elapsed().compareTo(maxTime.get()) > 0;
    return late ? FinishReason.TIME : null;
  }

  /** The time since the request. */
  Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - start);
  }
}
