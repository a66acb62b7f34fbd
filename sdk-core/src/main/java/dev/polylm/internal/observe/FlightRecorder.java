package dev.polylm.internal.observe;

import dev.polylm.generation.DraftCounts;
import dev.polylm.generation.Timings;
import dev.polylm.internal.engine.EngineObserver;
import dev.polylm.internal.engine.EngineRequest.Status;
import java.time.Duration;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/**
 * Reports each request, chunk of a prompt and decoding step to JDK Flight Recorder. Before the
 * first recording this costs nothing: the classes of the events, which take a tenth of a second to
 * prepare, are not even loaded.
 */
public final class FlightRecorder implements EngineObserver {
  private final String model;

  /**
   * Makes a reporter for one model's engine.
   *
   * @param model the model's name
   */
  public FlightRecorder(String model) {
    this.model = model;
  }

  @Override
  public void promptRead(int ids, Duration took) {
    if (!jdk.jfr.FlightRecorder.isInitialized()) {
      return;
    }
    PromptEvent event = new PromptEvent();
    if (event.isEnabled()) {
      event.model = model;
      event.ids = ids;
      event.took = took.toNanos();
      event.commit();
    }
  }

  @Override
  public void stepped(int rows, int guesses, Duration took) {
    if (!jdk.jfr.FlightRecorder.isInitialized()) {
      return;
    }
    StepEvent event = new StepEvent();
    if (event.isEnabled()) {
      event.model = model;
      event.rows = rows;
      event.guesses = guesses;
      event.took = took.toNanos();
      event.commit();
    }
  }

  @Override
  public void ended(Status how, int promptIds, int reusedIds, DraftCounts drafts, Timings timings) {
    if (!jdk.jfr.FlightRecorder.isInitialized()) {
      return;
    }
    RequestEvent event = new RequestEvent();
    if (event.isEnabled()) {
      event.model = model;
      event.end = how.toString();
      event.promptIds = promptIds;
      event.reusedIds = reusedIds;
      event.steps = timings.steps();
      event.guessedIds = drafts.drafted();
      event.rightIds = drafts.accepted();
      event.queued = timings.queue().toNanos();
      event.prompt = timings.prefill().toNanos();
      event.decoding = timings.decode().toNanos();
      event.commit();
    }
  }

  /** A chunk of a prompt. */
  @Name("dev.polylm.Prompt")
  @Label("Prompt Chunk")
  @Category("PolyLM")
  @StackTrace(false)
  @Enabled(false)
  static final class PromptEvent extends Event {
    @Label("Model")
    String model = "";

    @Label("Ids")
    int ids;

    @Label("Took")
    @Timespan
    long took;
  }

  /** A decoding step. */
  @Name("dev.polylm.Step")
  @Label("Decoding Step")
  @Category("PolyLM")
  @StackTrace(false)
  @Enabled(false)
  static final class StepEvent extends Event {
    @Label("Model")
    String model = "";

    @Label("Rows")
    int rows;

    @Label("Guesses")
    int guesses;

    @Label("Took")
    @Timespan
    long took;
  }

  /** A request that has ended. */
  @Name("dev.polylm.Request")
  @Label("Request")
  @Category("PolyLM")
  @Description("A request that has ended, without the text of its prompt or answer")
  @StackTrace(false)
  static final class RequestEvent extends Event {
    @Label("Model")
    String model = "";

    @Label("End")
    String end = "";

    @Label("Prompt Ids")
    int promptIds;

    @Label("Reused Ids")
    int reusedIds;

    @Label("Steps")
    int steps;

    @Label("Guessed Ids")
    int guessedIds;

    @Label("Right Guesses")
    int rightIds;

    @Label("Queued")
    @Timespan
    long queued;

    @Label("Prompt")
    @Timespan
    long prompt;

    @Label("Decoding")
    @Timespan
    long decoding;
  }
}
