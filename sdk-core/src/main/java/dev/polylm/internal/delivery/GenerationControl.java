package dev.polylm.internal.delivery;

import dev.polylm.internal.decoding.DecodingTicket;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What can end a generation from outside: a cancellation from any thread, and its time. */
public final class GenerationControl {
  private final long start = System.nanoTime();
  private boolean cancelled; // guarded by this
  private @Nullable DecodingTicket ticket; // guarded by this

  /** Ends the generation. */
  public void cancel() {
    DecodingTicket running;
    synchronized (this) {
      cancelled = true;
      running = ticket;
    }
    if (running != null) {
      running.cancel();
    }
  }

  /** Says what runs the generation. */
  void started(DecodingTicket newTicket) {
    boolean late;
    synchronized (this) {
      ticket = newTicket;
      late = cancelled;
    }
    if (late) {
      newTicket.cancel();
    }
  }

  /** The time that is left of what it may take since the request; null where it may take any. */
  @Nullable Duration timeLeft(Optional<Duration> maxTime) {
    return maxTime
        .map(most -> most.minus(elapsed()))
        .map(left -> left.isNegative() ? Duration.ZERO : left)
        .orElse(null);
  }

  /** The time since the request. */
  Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - start);
  }
}
