package dev.polylm.generation;

import java.time.Duration;

/**
 * How long a generation took.
 *
 * <pre>{@code
 * Timings timings = polyLm.generate(GenerationRequest.ofPrompt("Hello")).timings();
 * System.out.println(timings.firstToken().toMillis() + " ms to the first token");
 * }</pre>
 *
 * @param queue the time from the request to its first run of the model: waiting, and making the
 *     cache
 * @param prefill the time to read the prompt
 * @param decode the time of all steps after the first new id
 * @param steps the number of these steps; with guessed ids a step can give several
 */
public record Timings(Duration queue, Duration prefill, Duration decode, int steps) {

  /** Returns the time from the request to the first new id. */
  public Duration firstToken() {
    return queue.plus(prefill);
  }

  /** Returns the average time of a step after the first new id, or zero if there was none. */
  public Duration perStep() {
    return steps == 0 ? Duration.ZERO : decode.dividedBy(steps);
  }
}
