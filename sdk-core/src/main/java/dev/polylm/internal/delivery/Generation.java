package dev.polylm.internal.delivery;

import dev.polylm.PolyLmException;
import dev.polylm.generation.GenerationResult;
import dev.polylm.internal.decoding.DecodingRunner.Ticket;
import dev.polylm.internal.delivery.Generator.AtEnd;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A request from its acceptance to its result, whatever view of it its caller has: what ends it,
 * its pieces of text, and its result. It has no thread: the one that ends the request, the engine's
 * or one that cancels, makes the result of it. Thread-safe.
 */
final class Generation {

  /** What to wait for. */
  private interface Wait<T> {
    T get() throws InterruptedException, ExecutionException;
  }

  private final Pieces pieces;
  private final @Nullable Ticket ticket; // null if the request was refused
  private final Lifecycle.@Nullable Call call; // null if the model was closed
  private final CompletableFuture<GenerationResult> outcome = new CompletableFuture<>();

  /**
   * A request that runs, until {@link #end} is called.
   *
   * @param call what the caller's code that hears of it belongs to
   */
  Generation(Pieces pieces, @Nullable Ticket ticket, Lifecycle.@Nullable Call call) {
    this.pieces = pieces;
    this.ticket = ticket;
    this.call = call;
  }

  /** Returns a request that never runs. */
  static Generation refused(Throwable failure, Lifecycle.@Nullable Call call, AtEnd atEnd) {
    Generation generation = new Generation(new Pieces(), null, call);
    generation.settle(null, failure, atEnd);
    return generation;
  }

  /**
   * Says that its search has ended: makes the result, tells the first to hear of it, then all.
   *
   * @param failure null if there is none
   */
  void end(@Nullable Throwable failure, Supplier<GenerationResult> result, AtEnd atEnd) {
    GenerationResult made = null;
    Throwable cause = failure;
    if (cause == null) {
      try {
        made = result.get();
      } catch (RuntimeException | Error e) { // whoever waits must hear of it
        cause = e;
      }
    }
    settle(made, cause, atEnd);
  }

  private void settle(@Nullable GenerationResult result, @Nullable Throwable failure, AtEnd atEnd) {
    Throwable cause = failure;
    try {
      atEnd.ended(result, failure);
    } catch (RuntimeException | Error e) { // as above
      cause = e;
    }
    if (cause == null) {
      outcome.complete(result);
    } else {
      outcome.completeExceptionally(cause);
    }
    pieces.end();
  }

  /** Runs a caller's code that hears of it. */
  void run(Runnable callersCode) {
    if (call == null) {
      callersCode.run();
    } else {
      call.run(callersCode);
    }
  }

  /** Ends the call where that was left to a listener. */
  void endCall() {
    if (call != null) {
      call.end();
    }
  }

  Pieces pieces() {
    return pieces;
  }

  /** Ends it at once with what it has; does nothing where it has ended. */
  void cancel() {
    if (ticket != null) {
      ticket.cancel();
    }
  }

  /** Returns the next piece of text, for which it waits; empty at the end. An interrupt cancels. */
  String nextPiece() {
    return uninterrupted(pieces::take);
  }

  /**
   * Waits for the result. An interrupt cancels.
   *
   * @throws RuntimeException what the request failed with
   */
  GenerationResult result() {
    return result(outcome);
  }

  /** As {@link #result()}, of a future that completes after this generation has ended. */
  GenerationResult result(CompletableFuture<GenerationResult> future) {
    return uninterrupted(future::get);
  }

  /** Completes on the thread that ends the request, which must not wait. */
  CompletableFuture<GenerationResult> outcome() {
    return outcome;
  }

  boolean ended() {
    return outcome.isDone();
  }

  /** Waits for its end, whatever that is. An interrupt cancels. */
  void awaitEnd() {
    boolean unused = uninterrupted(outcome.handle((result, failure) -> true)::get);
  }

  /** Returns what the request has failed with, null if it has not; waits for its end. */
  @Nullable Throwable failure() {
    return outcome.handle((result, failure) -> failure).join();
  }

  /** Waits for something. An interrupt of the waiting thread cancels, and is kept. */
  private <T> T uninterrupted(Wait<T> wait) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return wait.get();
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
}
