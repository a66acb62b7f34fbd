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
 * @param queue from the request to its first run of the model: waiting, and making the cache
 * @param prefill reading the prompt
 * @param decode all steps after the first new id
 * @param steps how many of them; prompt lookup gives several ids in one
 */
public record Timings(Duration queue, Duration prefill, Duration decode, int steps) {

  /** From the request to the first new id. */
  public Duration firstToken() {
    return queue.plus(prefill);
  }

  /** A step after the first new id, on average; zero where there was none. */
  public Duration perStep() {
    return steps == 0 ? Duration.ZERO : decode.dividedBy(steps);
  }
}
