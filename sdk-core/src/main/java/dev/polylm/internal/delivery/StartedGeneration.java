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
 * <p>As a future it is completed on one of {@link CallerThreads}, since what depends on it is a
 * caller's code. Who waits for {@link #result} is woken by the thread that ends the generation;
 * where there is a listener, by the one that has served it.
 */
final class StartedGeneration extends CompletableFuture<GenerationResult>
    implements GenerationHandle {
  private final Generation generation;
  private final CompletableFuture<GenerationResult> outcome; // with the listener's part in it

  private StartedGeneration(Generation generation, CompletableFuture<GenerationResult> outcome) {
    this.generation = generation;
    this.outcome = outcome;
    CompletableFuture<GenerationResult> unused =
        outcome.whenComplete(
            (result, failure) ->
                CallerThreads.run(() -> generation.run(() -> complete(result, failure))));
  }

  /**
   * A handle of a generation.
   *
   * @param listener hears the pieces before the handle completes; null where none does
   */
  static StartedGeneration of(Generation generation, @Nullable Consumer<String> listener) {
    if (listener == null) {
      return new StartedGeneration(generation, generation.outcome());
    }
    CompletableFuture<GenerationResult> heard = new CompletableFuture<>();
    StartedGeneration handle = new StartedGeneration(generation, heard);
    Listening listening = new Listening(generation, listener, heard);
    TextSubscription subscription = new TextSubscription(listening);
    listening.onSubscribe(subscription);
    subscription.attach(generation);
    return handle;
  }

  // A stage of the outcome would wrap what was thrown.
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

  /** As a future is cancelled, which ends the generation too. */
  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    boolean cancelled = super.cancel(mayInterruptIfRunning); // before it has what there was
    generation.cancel();
    return cancelled;
  }

  @Override
  public GenerationResult result() {
    return generation.result(outcome);
  }

  /** What a listener throws is the outcome. */
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
