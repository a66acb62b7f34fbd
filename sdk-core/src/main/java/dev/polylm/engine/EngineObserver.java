package dev.polylm.engine;

import java.time.Duration;

/**
 * Hears what an engine does. It is called on the engine's thread, one call at a time, and must
 * neither wait nor throw.
 */
public interface EngineObserver {

  /**
   * A chunk of a prompt was read.
   *
   * @param ids how many
   */
  default void promptRead(int ids, Duration took) {}

  /**
   * A decoding step was made.
   *
   * @param rows sequences that took part
   */
  default void stepped(int rows, Duration took) {}

  /** A request has ended, in whatever way. */
  default void ended(EndedRequest request) {}
}
