package dev.polylm.internal.observe;

import dev.polylm.generation.DraftCounts;
import dev.polylm.generation.Timings;
import dev.polylm.internal.engine.EngineObserver;
import dev.polylm.internal.engine.EngineRequest.Status;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs a line for each ended request through SLF4J: at DEBUG, or at WARN if the request failed. */
public final class RequestLog implements EngineObserver {
  private final Logger log = LoggerFactory.getLogger("dev.polylm.requests");
  private final String model;

  /**
   * Makes a log of one model's requests.
   *
   * @param model the model's name
   */
  public RequestLog(String model) {
    this.model = model;
  }

  @Override
  public void ended(Status how, int promptIds, int reusedIds, DraftCounts drafts, Timings timings) {
    boolean failed = how == Status.FAILED;
    (failed ? log.atWarn() : log.atDebug())
        .setMessage(
            "{}: {}: prompt of {} ids, {} reused, {} steps, {} of {} guesses right; queued {} ms, prompt {} ms, decoding {} ms")
        .addArgument(model)
        .addArgument(how)
        .addArgument(promptIds)
        .addArgument(reusedIds)
        .addArgument(timings.steps())
        .addArgument(drafts.accepted())
        .addArgument(drafts.drafted())
        .addArgument(timings.queue().toMillis())
        .addArgument(timings.prefill().toMillis())
        .addArgument(timings.decode().toMillis())
        .log();
  }
}
