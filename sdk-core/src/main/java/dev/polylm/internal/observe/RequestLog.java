package dev.polylm.internal.observe;

import dev.polylm.internal.engine.EndedRequest;
import dev.polylm.internal.engine.EngineObserver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A line of log for each request that has ended, through SLF4J: at DEBUG, at WARN where it failed.
 */
public final class RequestLog implements EngineObserver {
  private static final Logger LOG = LoggerFactory.getLogger("dev.polylm.requests");

  private final String model;

  /**
   * Logs one model's requests.
   *
   * @param model the model's name
   */
  public RequestLog(String model) {
    this.model = model;
  }

  @Override
  public void ended(EndedRequest request) {
    boolean failed = request.end() == EndedRequest.End.FAILED;
    (failed ? LOG.atWarn() : LOG.atDebug())
        .setMessage(
            "{}: {}: prompt of {} ids, {} reused, {} steps; queued {} ms, prompt {} ms, decoding {} ms")
        .addArgument(model)
        .addArgument(request.end())
        .addArgument(request.promptIds())
        .addArgument(request.reusedIds())
        .addArgument(request.steps())
        .addArgument(request.queued().toMillis())
        .addArgument(request.prompt().toMillis())
        .addArgument(request.decoding().toMillis())
        .log();
  }
}
