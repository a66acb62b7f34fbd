package dev.polylm.internal.decoding;

import dev.polylm.PolyLmException;
import dev.polylm.generation.FinishReason;
import dev.polylm.generation.Timings;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Runs tasks on a model. Thread-safe. */
public interface DecodingRunner {
  /**
   * Accepts a task. The task runs when there is room for it.
   *
   * @throws PolyLmException if the task can never run, or can't run now
   */
  Ticket submit(DecodingTask task, Terms terms);

  /**
   * How a task is served.
   *
   * @param priority of the tasks that wait, the highest goes first
   * @param caller whose task it is: callers share rows fairly; null for a caller of its own
   * @param timeout how long the task may take, waiting included; null for no limit
   * @param since when its time began, as {@link System#nanoTime} counts
   */
  record Terms(int priority, @Nullable String caller, @Nullable Duration timeout, long since) {

    public Terms {
      if (timeout != null && timeout.isNegative()) {
        throw new PolyLmException("the timeout is %s, must not be negative".formatted(timeout));
      }
    }

    /** Terms without a caller, whose time begins now. */
    public Terms(int priority, @Nullable Duration timeout) {
      this(priority, null, timeout, System.nanoTime());
    }

    /** Priority 0, no timeout. */
    public static Terms defaults() {
      return new Terms(0, null);
    }
  }

  /** What the caller holds of a submitted task. Thread-safe. */
  interface Ticket {
    /**
     * Waits for the task's end. The task is the caller's again afterwards.
     *
     * <p>If the waiting thread is interrupted the task is cancelled, and the thread stays
     * interrupted.
     *
     * @return why the task was stopped, empty if it finished
     * @throws RuntimeException what the task threw, or a {@link PolyLmException} if a run of the
     *     model failed
     */
    Optional<FinishReason> await();

    /**
     * Runs an action at the task's end, or at once if it has ended. The action is given what the
     * task failed with, null if it did not fail. It runs on the thread that ends the task, the
     * engine's or one that cancels, and must not wait there.
     */
    void onEnd(Consumer<@Nullable Throwable> action);

    /** Ends the task at once, whatever run is under way. A task that has ended stays as it is. */
    void cancel();

    /** How long the task took, once it has ended. */
    Timings timings();
  }
}
