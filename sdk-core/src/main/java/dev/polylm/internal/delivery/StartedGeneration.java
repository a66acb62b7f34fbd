package dev.polylm.internal.delivery;

import dev.polylm.generation.GenerationHandle;
import dev.polylm.generation.GenerationResult;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A generation as a handle and as a future.
 *
 * <p>The future completes on one of {@link CallerThreads}, because dependent actions are a caller's
 * code. The thread that ends the generation wakes those who wait for {@link #result}. If there is a
 * listener, the thread that called the listener wakes them.
 */
final class StartedGeneration extends CompletableFuture<GenerationResult>
    implements GenerationHandle {
  private final Generation generation;
  private final CompletableFuture<GenerationResult> outcome; // including the listener's outcome

  private StartedGeneration(Generation generation, CompletableFuture<GenerationResult> outcome) {
    this.generation = generation;
    this.outcome = outcome;
    CompletableFuture<GenerationResult> unused =
        outcome.whenComplete(
            (result, failure) ->
                CallerThreads.run(() -> generation.run(() -> complete(result, failure))));
  }

  /**
   * Returns a handle for a generation.
   *
   * @param listener receives the pieces before the handle completes; null for none
   */
  static StartedGeneration of(Generation generation, @Nullable Consumer<String> listener) {
    if (listener == null) {
      return new StartedGeneration(generation, generation.outcome());
    }
    CompletableFuture<GenerationResult> heard = new CompletableFuture<>();
    StartedGeneration handle = new StartedGeneration(generation, heard);
    Listening listening = new Listening(generation, listener, heard);
    TextSubscription subscription = new TextSubscription(listening, true);
    listening.onSubscribe(subscription);
    subscription.attach(generation);
    return handle;
  }

  // A stage of the outcome would wrap the exception.
  private void complete(@Nullable GenerationResult result, @Nullable Throwable failure) {
    if (failure == null) {
      complete(result);
    } else {
      completeExceptionally(failure);
    }
  }

  @Override
  public void cancel() {
    generation.cancel();
  }

  /** Cancels the future and the generation. */
  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    boolean cancelled = super.cancel(mayInterruptIfRunning); // before it has the text so far
    generation.cancel();
    return cancelled;
  }

  @Override
  public GenerationResult result() {
    return generation.result(outcome);
  }

  /** Calls a listener. If the listener throws, that exception is the outcome. */
  private record Listening(
      Generation generation, Consumer<String> listener, CompletableFuture<GenerationResult> heard)
      implements Flow.Subscriber<String> {

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(String piece) {
      listener.accept(piece);
    }

    @Override
    public void onError(Throwable failure) {
      heard.completeExceptionally(failure);
      generation.endCall();
    }

    @Override
    public void onComplete() {
      heard.complete(generation.result());
      generation.endCall();
    }
  }
}
