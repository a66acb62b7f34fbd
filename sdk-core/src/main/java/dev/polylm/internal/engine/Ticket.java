package dev.polylm.internal.engine;

import dev.polylm.PolyLmException;
import dev.polylm.internal.decoding.DecodingTicket;
import dev.polylm.internal.decoding.DecodingTimes;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The caller's side of a {@link Job}, and whose its task is: the engine's until it ends, the
 * caller's afterwards.
 *
 * <p>The engine uses the task under the ticket's lock only. So a cancel ends it at once, whatever
 * run or allocation is under way; the engine finds out at its next use, and lets the rows go.
 */
final class Ticket implements DecodingTicket {
  private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
  private volatile CompletableFuture<Outcome> told = outcome; // what the caller sees
  private final Progress progress = new Progress(); // guarded by this
  private final @Nullable Duration timeout;
  private volatile DecodingTimes times = progress.times();

  /**
   * @param timeout from now; null for none
   */
  Ticket(@Nullable Duration timeout) {
    this.timeout = timeout;
  }

  /** Has an observer hear of the end before the caller does; called before the task can end. */
  void observe(Runnable observer) {
    told =
        outcome.whenComplete(
            (how, cause) -> {
              try {
                observer.run();
              } catch (RuntimeException e) {
                // The answer is there, whatever is wrong with who was to hear of it.
              }
            });
  }

  /** Does something with the task, unless it has ended; what that throws is how it ends. */
  synchronized void use(Consumer<Progress> action) {
    if (!ended()) {
      try {
        action.accept(progress);
      } catch (RuntimeException | Error e) {
        fail(e);
      }
    }
  }

  boolean ended() {
    return outcome.isDone();
  }

  /** How it ended, once it has. */
  EndedRequest.End how() {
    if (outcome.isCompletedExceptionally()) {
      return EndedRequest.End.FAILED;
    }
    return switch (outcome.join()) {
      case FINISHED -> EndedRequest.End.FINISHED;
      case CANCELLED -> EndedRequest.End.CANCELLED;
      case TIMED_OUT -> EndedRequest.End.TIMED_OUT;
    };
  }

  /** True when its time is up. */
  boolean late() {
    return timeout != null && progress.elapsed().compareTo(timeout) >= 0;
  }

  /** Ends the task, unless it has ended. */
  synchronized void end(Outcome how) {
    if (!ended()) {
      times = progress.times();
      outcome.complete(how);
    }
  }

  /** Ends the task with a failure, unless it has ended. */
  synchronized void fail(Throwable cause) {
    if (!ended()) {
      times = progress.times();
      outcome.completeExceptionally(cause);
    }
  }

  @Override
  public Outcome await() {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return told.get();
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
    CompletableFuture<Outcome> unused = told.whenComplete((how, cause) -> action.run());
  }

  @Override
  public void cancel() {
    end(Outcome.CANCELLED);
  }

  @Override
  public DecodingTimes times() {
    return times;
  }
}
