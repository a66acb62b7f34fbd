package dev.polylm.generation;

import dev.polylm.internal.delivery.GenerationControl;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;

/** A generation on a thread of its own. Thread-safe. */
public final class GenerationHandle {
  private final GenerationControl control;
  private final CompletableFuture<GenerationResult> future = new CompletableFuture<>();

  private GenerationHandle(GenerationControl control) {
    this.control = control;
  }

  /** Starts an action, whose generation the control can end. */
  @SuppressWarnings("exports")
  public static GenerationHandle start(
      GenerationControl control, Supplier<GenerationResult> action) {
    GenerationHandle handle = new GenerationHandle(control);
    Thread thread = new Thread(() -> handle.run(action), "polylm-generation");
    thread.setDaemon(true);
    try {
      thread.start();
    } catch (OutOfMemoryError e) { // of threads; what was begun must come to its end all the same
      control.cancel();
      handle.run(action);
      throw e;
    }
    return handle;
  }

  // Whatever ends the action must reach those who wait.
  private void run(Supplier<GenerationResult> action) {
    try {
      future.complete(action.get());
    } catch (Throwable e) {
      future.completeExceptionally(e);
    }
  }

  /**
   * Ends the generation at once. What was generated so far is the result. Does nothing where it has
   * ended.
   */
  public void cancel() {
    control.cancel();
  }

  /**
   * Waits for the result. Where the waiting thread is interrupted the generation is cancelled, and
   * the interrupt flag is set again.
   *
   * @throws RuntimeException what the generation or its listener has thrown
   */
  public GenerationResult result() {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return future.get();
        } catch (InterruptedException e) {
          interrupted = true;
          cancel();
        }
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new CompletionException(e.getCause());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * Completes with the result, or with what the generation has thrown, on the generation's thread.
   */
  public CompletionStage<GenerationResult> completion() {
    CompletableFuture<GenerationResult> stage = new CompletableFuture<>();
    // A stage of the future's own would wrap what was thrown.
    CompletableFuture<GenerationResult> unused =
        future.whenComplete(
            (result, failure) -> {
              if (failure == null) {
                stage.complete(result);
              } else {
                stage.completeExceptionally(failure);
              }
            });
    return stage;
  }
}
