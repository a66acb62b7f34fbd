package dev.polylm.internal.delivery;

import dev.polylm.generation.GenerationResult;
import dev.polylm.internal.decoding.DecodingRunner.Ticket;
import dev.polylm.internal.decoding.Waits;
import dev.polylm.internal.decoding.Waits.Wait;
import dev.polylm.internal.delivery.Generator.AtEnd;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A request from its acceptance to its result: its ticket, its pieces of text, and its result. All
 * views of a request share it. It has no thread. The thread that ends the request, the engine's or
 * one that cancels, makes the result. Thread-safe.
 */
final class Generation {
  private final PieceQueue pieces;
  private final @Nullable Ticket ticket; // null if the request was refused
  private final Lifecycle.@Nullable Call call; // null if the model was closed
  private final CompletableFuture<GenerationResult> outcome = new CompletableFuture<>();

  /**
   * Makes the generation of a running request. It lasts until {@link #end} is called.
   *
   * @param call the call that the caller's listening code belongs to
   */
  Generation(PieceQueue pieces, @Nullable Ticket ticket, Lifecycle.@Nullable Call call) {
    this.pieces = pieces;
    this.ticket = ticket;
    this.call = call;
  }

  /** Returns the generation of a request that never runs. */
  static Generation refused(Throwable failure, Lifecycle.@Nullable Call call, AtEnd atEnd) {
    Generation generation = new Generation(new PieceQueue(), null, call);
    generation.settle(null, failure, atEnd);
    return generation;
  }

  /**
   * Called when the search has ended. Makes the result, and gives it to the first listener and then
   * to all others.
   *
   * @param failure null if there is none
   */
  void end(@Nullable Throwable failure, Supplier<GenerationResult> result, AtEnd atEnd) {
    GenerationResult made = null;
    Throwable cause = failure;
    if (cause == null) {
      try {
        made = result.get();
      } catch (RuntimeException | Error e) { // waiting callers must learn of it
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

  /** Runs a caller's listening code. */
  void run(Runnable callersCode) {
    if (call == null) {
      callersCode.run();
    } else {
      call.run(callersCode);
    }
  }

  /** Ends the call if a listener has to end it. */
  void endCall() {
    if (call != null) {
      call.end();
    }
  }

  PieceQueue pieces() {
    return pieces;
  }

  /** Ends the generation at once with its text so far. Has no effect if it has ended. */
  void cancel() {
    if (ticket != null) {
      ticket.cancel();
    }
  }

  /**
   * Waits for the next piece of text and returns it, or an empty text at the end. An interrupt
   * cancels the generation.
   */
  String nextPiece() {
    return uninterrupted(pieces::take);
  }

  /**
   * Waits for the result. An interrupt cancels the generation.
   *
   * @throws RuntimeException the exception that the request failed with
   */
  GenerationResult result() {
    return result(outcome);
  }

  /**
   * Waits for the result of a future that completes after this generation has ended; see {@link
   * #result()}.
   */
  GenerationResult result(CompletableFuture<GenerationResult> future) {
    return uninterrupted(future::get);
  }

  /**
   * Returns a future that completes on the thread that ends the request. That thread must not wait.
   */
  CompletableFuture<GenerationResult> outcome() {
    return outcome;
  }

  boolean ended() {
    return outcome.isDone();
  }

  /** Waits for the end, with or without a failure. An interrupt cancels the generation. */
  void awaitEnd() {
    boolean unused = uninterrupted(outcome.handle((result, failure) -> true)::get);
  }

  /** Waits for the end and returns the request's failure, or null if it did not fail. */
  @Nullable Throwable failure() {
    return outcome.handle((result, failure) -> failure).join();
  }

  private <T> T uninterrupted(Wait<T> wait) {
    return Waits.uninterrupted(wait, this::cancel);
  }
}
