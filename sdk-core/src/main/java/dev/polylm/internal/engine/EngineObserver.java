package dev.polylm.internal.engine;

import dev.polylm.generation.Timings;
import dev.polylm.internal.engine.EngineRequest.Status;
import java.time.Duration;

/**
 * Hears what an engine does. Thread-safe: it is called on the engine's thread, and at the end of a
 * request on the thread that ended it. It must neither wait nor throw.
 */
public interface EngineObserver {

  /**
   * The model has read a chunk of a prompt.
   *
   * @param ids how many
   */
  default void promptRead(int ids, Duration took) {}

  /**
   * The model has made a decoding step; before anyone hears of what came of it.
   *
   * @param rows sequences that took part
   */
  default void stepped(int rows, Duration took) {}

  /**
   * A request has ended; before its caller hears of it.
   *
   * @param how the request's last status
   * @param promptIds ids of its prompts
   * @param reusedIds how many of them had keys and values already
   */
  default void ended(Status how, int promptIds, int reusedIds, Timings timings) {}
}
