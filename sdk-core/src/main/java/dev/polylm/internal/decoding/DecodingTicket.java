package dev.polylm.internal.decoding;

/** A task that was submitted. Thread-safe. */
public interface DecodingTicket {

  /** How a task ended that did not fail. */
  enum Outcome {
    /** It wants no other step. */
    FINISHED,
    /** It was cancelled; what it has until then is its. */
    CANCELLED,
    /** Its time was up; what it has until then is its. */
    TIMED_OUT
  }

  /**
   * Waits for the task's end, after which it is the caller's again.
   *
   * <p>Where the waiting thread is interrupted the task is cancelled, and the thread stays
   * interrupted.
   *
   * @throws RuntimeException what the task threw, or a {@link dev.polylm.PolyLmException} where a
   *     run that it took part in failed
   */
  Outcome await();

  /**
   * Runs an action at the task's end, or at once where it has ended. It runs on the thread that
   * ends the task, the engine's or one that cancels, and must not wait there.
   */
  void onEnd(Runnable action);

  /** Ends the task at once, whatever run is under way; what has ended stays as it is. */
  void cancel();

  /** How long the task took; to be asked after its end. */
  DecodingTimes times();
}
