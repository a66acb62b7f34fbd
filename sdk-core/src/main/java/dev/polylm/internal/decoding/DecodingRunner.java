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
   * The priority, caller and time limit of a task.
   *
   * @param priority of the waiting tasks, the highest priority goes first
   * @param caller the name of the caller; callers share rows fairly; null means a separate caller
   * @param timeout how long the task may take, waiting included; null for no limit
   * @param since when the time began, on the clock of {@link System#nanoTime}
   */
  record Terms(int priority, @Nullable String caller, @Nullable Duration timeout, long since) {

    public Terms {
      if (timeout != null && timeout.isNegative()) {
        throw new PolyLmException("the timeout is %s, must not be negative".formatted(timeout));
      }
    }

    /** Makes terms without a caller. The time begins now. */
    public Terms(int priority, @Nullable Duration timeout) {
      this(priority, null, timeout, System.nanoTime());
    }

    /** Returns terms with priority 0 and no timeout. */
    public static Terms defaults() {
      return new Terms(0, null);
    }

    /** Returns these terms with a caller, unless they have one already. */
    public Terms orCaller(@Nullable String other) {
      return caller == null ? new Terms(priority, other, timeout, since) : this;
    }
  }

  /** A submitted task, as its caller sees it. Thread-safe. */
  interface Ticket {
    /**
     * Waits for the task's end. Afterwards the caller owns the task again.
     *
     * <p>If the waiting thread is interrupted, the task is cancelled and the interrupt flag stays
     * set.
     *
     * @return why the task was stopped, empty if it finished
     * @throws RuntimeException the exception that the task threw, or a {@link PolyLmException} if a
     *     run of the model failed
     */
    Optional<FinishReason> await();

    /**
     * Runs an action at the task's end, or at once if it has ended. The action receives the task's
     * failure, or null if the task did not fail. It runs on the thread that ends the task, the
     * engine's or one that cancels. It must not wait.
     */
    void onEnd(Consumer<@Nullable Throwable> action);

    /** Ends the task at once, even during a run. Has no effect if the task has ended. */
    void cancel();

    /** Returns how long the task took, once it has ended. */
    Timings timings();

    /** Returns how many ids of the prompts had keys and values already, once the task has ended. */
    int reusedIds();
  }
}
