package dev.polylm.internal.engine;

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

  /** A request has ended, in whatever way. */
  default void ended(EndedRequest request) {}
}
