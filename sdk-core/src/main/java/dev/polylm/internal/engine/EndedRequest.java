package dev.polylm.internal.engine;

import java.time.Duration;

/**
 * What there is to say of a request that has ended; nothing of what was asked or answered.
 *
 * @param end how it ended
 * @param promptIds ids of its prompts
 * @param reusedIds how many of them had keys and values already
 * @param queued from its submission until there was room for it
 * @param prompt from then until its prompts had been read
 * @param decoding from then to its end
 * @param steps decoding steps
 */
public record EndedRequest(
    End end,
    int promptIds,
    int reusedIds,
    Duration queued,
    Duration prompt,
    Duration decoding,
    int steps) {

  /** How a request ended. */
  public enum End {
    /** It has all it asked for. */
    FINISHED,
    /** Someone has cancelled it. */
    CANCELLED,
    /** The time that it may take was over. */
    TIMED_OUT,
    /** A run of the model, or something that it calls, has failed. */
    FAILED
  }

  /** Whether it came to its first new token. */
  public boolean answered() {
    return steps > 0 || end == End.FINISHED;
  }

  /** From its submission to its first new token. */
  public Duration firstToken() {
    return queued.plus(prompt);
  }
}
