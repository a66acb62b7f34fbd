package dev.polylm.internal.engine;

import dev.polylm.generation.DraftCounts;
import dev.polylm.generation.Timings;
import dev.polylm.internal.engine.EngineRequest.Status;
import java.time.Duration;

/**
 * Receives what an engine does. Thread-safe: the engine's thread calls it, and at the end of a
 * request the thread that ended the request. It must neither wait nor throw.
 */
public interface EngineObserver {

  /**
   * Is called when the model has read a chunk of a prompt.
   *
   * @param ids how many ids it read
   */
  default void promptRead(int ids, Duration took) {}

  /**
   * Is called when the model has made a decoding step, before any caller gets its results.
   *
   * @param rows the number of sequences in the step
   * @param guesses how many guessed ids the only sequence read besides its next id
   */
  default void stepped(int rows, int guesses, Duration took) {}

  /**
   * Is called when it has been decided how many ids a draft model guesses for the next steps.
   *
   * @param length 0 if guessing would take longer than it saves
   */
  default void draftPlanned(int length) {}

  /**
   * Called when a request has ended, before its caller gets the result.
   *
   * @param how the request's last status
   * @param promptIds the number of ids of its prompts
   * @param reusedIds how many of these already had keys and values
   * @param drafts how many ids were guessed, and how many of these were right
   */
  default void ended(
      Status how, int promptIds, int reusedIds, DraftCounts drafts, Timings timings) {}
}
