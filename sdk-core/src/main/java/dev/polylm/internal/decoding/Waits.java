package dev.polylm.internal.decoding;

import dev.polylm.PolyLmException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** Waits for what a task has to give. */
public final class Waits {
  private Waits() {}

  /** An action that waits. */
  public interface Wait<T> {
    T get() throws InterruptedException, ExecutionException;
  }

  /**
   * Waits for something. If the waiting thread is interrupted, the task is cancelled, the wait goes
   * on, and the interrupt flag is set afterwards.
   *
   * @param cancel cancels the task, so that the wait ends soon
   * @throws RuntimeException the exception that the task failed with
   */
  public static <T> T uninterrupted(Wait<T> wait, Runnable cancel) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return wait.get();
        } catch (InterruptedException e) {
          interrupted = true;
          cancel.run();
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
