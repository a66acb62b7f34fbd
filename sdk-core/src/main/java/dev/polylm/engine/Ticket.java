package dev.polylm.engine;

import dev.polylm.PolyLmException;
import dev.polylm.runtime.DecodingTicket;
import dev.polylm.runtime.DecodingTimes;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** The caller's side of a {@link Job}: its end, and the wish that it ends. */
final class Ticket implements DecodingTicket {
  private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
  private volatile Runnable onCancel = () -> {};
  private final @Nullable Duration timeout;
  private final long submitted = System.nanoTime();
  private volatile boolean cancelled;
  private volatile DecodingTimes times =
      new DecodingTimes(Duration.ZERO, Duration.ZERO, Duration.ZERO, 0, 0);

  /**
   * @param timeout from now; null for none
   */
  Ticket(@Nullable Duration timeout) {
    this.timeout = timeout;
  }

  /** Says what a cancel does at once, on the thread of its caller. */
  void onCancel(Runnable action) {
    onCancel = action;
  }

  long submitted() {
    return submitted;
  }

  /** How the job must end now, null where it may go on. */
  @Nullable Outcome due(long now) {
    if (cancelled) {
      return Outcome.CANCELLED;
    }
    boolean late = timeout != null && Duration.ofNanos(now - submitted).compareTo(timeout) >= 0;
    return late ? Outcome.TIMED_OUT : null;
  }

  void end(Outcome how, DecodingTimes took) {
    times = took;
    outcome.complete(how);
  }

  void fail(Throwable cause, DecodingTimes took) {
    times = took;
    outcome.completeExceptionally(cause);
  }

  @Override
  public Outcome await() {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return outcome.get();
        } catch (InterruptedException e) {
          interrupted = true;
          cancel();
        } catch (ExecutionException e) {
          throw unchecked(e.getCause());
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static RuntimeException unchecked(@Nullable Throwable cause) {
    if (cause instanceof RuntimeException failure) {
      return failure;
    }
    if (cause instanceof Error error) {
      throw error;
    }
    return new PolyLmException("the request failed: " + cause, cause);
  }

  @Override
  public void onEnd(Runnable action) {
    CompletableFuture<Outcome> unused = outcome.whenComplete((how, cause) -> action.run());
  }

  @Override
  public void cancel() {
    cancelled = true;
    onCancel.run();
  }

  @Override
  public DecodingTimes times() {
    return times;
  }
}
