package dev.polylm.internal.observe;

import dev.polylm.EngineState;
import dev.polylm.Placement;
import dev.polylm.generation.DraftCounts;
import dev.polylm.generation.Timings;
import dev.polylm.internal.engine.EngineObserver;
import dev.polylm.internal.engine.EngineRequest.Status;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * Counters, timers and gauges of an engine in a Micrometer registry, each tagged with the model's
 * name:
 *
 * <table>
 * <caption>Meters</caption>
 * <tr><th>name</th><th>what</th></tr>
 * <tr><td>polylm.requests</td><td>requests that have ended, by {@code end}: finished, cancelled,
 * timed_out, failed</td></tr>
 * <tr><td>polylm.request.queued</td><td>time that a request waited for room</td></tr>
 * <tr><td>polylm.request.prompt</td><td>time to read its prompt</td></tr>
 * <tr><td>polylm.request.first.token</td><td>time from the request to its first token</td></tr>
 * <tr><td>polylm.request.token</td><td>average time of a token after the first</td></tr>
 * <tr><td>polylm.tokens.prompt</td><td>prompt tokens that the model has read</td></tr>
 * <tr><td>polylm.tokens.reused</td><td>prompt tokens whose keys and values were reused</td></tr>
 * <tr><td>polylm.tokens.decoded</td><td>tokens from decoding steps, of all rows</td></tr>
 * <tr><td>polylm.tokens.guessed, .guessed.right</td><td>tokens that were guessed and read, by
 * prompt lookup, from a constraint or by a draft model; those of them that were right</td></tr>
 * <tr><td>polylm.draft.length</td><td>how many tokens a draft model guesses for a step now; 0 while
 * guessing would take longer than it saves</td></tr>
 * <tr><td>polylm.prefix.hits</td><td>requests that reused something</td></tr>
 * <tr><td>polylm.step</td><td>time of a decoding step</td></tr>
 * <tr><td>polylm.step.rows</td><td>rows of a decoding step</td></tr>
 * <tr><td>polylm.queue</td><td>waiting requests</td></tr>
 * <tr><td>polylm.running</td><td>running requests</td></tr>
 * <tr><td>polylm.memory.rows, .prefixes, .limit</td><td>bytes: see {@link EngineState}</td></tr>
 * <tr><td>polylm.device</td><td>always 1; its tags {@code device} and {@code cache} say where the
 * model runs and where its keys and values are</td></tr>
 * </table>
 */
public final class Micrometer implements EngineObserver, AutoCloseable {
  private static final String PREFIX = "polylm.";

  private final MeterRegistry registry;
  private final Tags tags;
  private final List<Meter> meters = new ArrayList<>();
  private final Timer queued;
  private final Timer prompt;
  private final Timer firstToken;
  private final Timer token;
  private final Timer step;
  private final DistributionSummary stepRows;
  private final Counter promptTokens;
  private final Counter reusedTokens;
  private final Counter decodedTokens;
  private final Counter guessedTokens;
  private final Counter rightTokens;
  private final AtomicInteger draftLength = new AtomicInteger();
  private final Counter prefixHits;
  private final Map<Status, Counter> requests = new EnumMap<>(Status.class);

  /**
   * Registers the meters of one model's engine in the global registry. This class refers to the
   * global registry, so that its callers need not load Micrometer's classes.
   */
  static EngineObserver inGlobalRegistry(
      String model, Placement placement, Supplier<EngineState> state) {
    return new Micrometer(Metrics.globalRegistry, model, placement, state);
  }

  /**
   * Registers the meters of one model's engine.
   *
   * @param model the model's name
   * @param placement where it runs
   * @param state supplies the gauges; any thread may call it
   */
  public Micrometer(
      MeterRegistry registry, String model, Placement placement, Supplier<EngineState> state) {
    this.registry = registry;
    this.tags = Tags.of("model", model);
    this.queued = timer("request.queued");
    this.prompt = timer("request.prompt");
    this.firstToken = timer("request.first.token");
    this.token = timer("request.token");
    this.step = timer("step");
    this.stepRows =
        add(DistributionSummary.builder(PREFIX + "step.rows").tags(tags).register(registry));
    this.promptTokens = counter("tokens.prompt", tags);
    this.reusedTokens = counter("tokens.reused", tags);
    this.decodedTokens = counter("tokens.decoded", tags);
    this.guessedTokens = counter("tokens.guessed", tags);
    this.rightTokens = counter("tokens.guessed.right", tags);
    this.prefixHits = counter("prefix.hits", tags);
    add(Gauge.builder(PREFIX + "draft.length", draftLength::get).tags(tags).register(registry));
    for (Status end : EnumSet.range(Status.FINISHED, Status.FAILED)) {
      String name = end.name().toLowerCase(Locale.ROOT);
      requests.put(end, counter("requests", tags.and("end", name)));
    }
    gauge("queue", "requests", state, EngineState::waiting);
    gauge("running", "requests", state, EngineState::running);
    gauge("memory.rows", "bytes", state, EngineState::keyValueBytes);
    gauge("memory.prefixes", "bytes", state, EngineState::prefixBytes);
    gauge("memory.limit", "bytes", state, EngineState::limitBytes);
    Tags where = tags.and("device", placement.device(), "cache", placement.cache());
    add(Gauge.builder(PREFIX + "device", () -> 1).tags(where).register(registry));
  }

  private Timer timer(String name) {
    return add(Timer.builder(PREFIX + name).tags(tags).register(registry));
  }

  private Counter counter(String name, Tags counterTags) {
    return add(Counter.builder(PREFIX + name).tags(counterTags).register(registry));
  }

  private void gauge(
      String name, String unit, Supplier<EngineState> state, ToDoubleFunction<EngineState> part) {
    add(
        Gauge.builder(PREFIX + name, () -> part.applyAsDouble(state.get()))
            .baseUnit(unit)
            .tags(tags)
            .register(registry));
  }

  private <M extends Meter> M add(M meter) {
    meters.add(meter);
    return meter;
  }

  @Override
  public void promptRead(int ids, Duration took) {
    promptTokens.increment(ids);
  }

  @Override
  public void stepped(int rows, int guesses, Duration took) {
    step.record(took);
    stepRows.record(rows);
    decodedTokens.increment(rows);
  }

  @Override
  public void draftPlanned(int length) {
    draftLength.set(length);
  }

  @Override
  public void ended(Status how, int promptIds, int reusedIds, DraftCounts drafts, Timings timings) {
    Objects.requireNonNull(requests.get(how)).increment();
    queued.record(timings.queue());
    prompt.record(timings.prefill());
    reusedTokens.increment(reusedIds);
    decodedTokens.increment(drafts.accepted());
    guessedTokens.increment(drafts.drafted());
    rightTokens.increment(drafts.accepted());
    if (reusedIds > 0) {
      prefixHits.increment();
    }
    if (how == Status.FINISHED || timings.steps() > 0) {
      firstToken.record(timings.firstToken());
    }
    if (timings.steps() > 0) {
      token.record(timings.decode().dividedBy(timings.steps()));
    }
  }

  /** Removes the meters from the registry. */
  @Override
  public void close() {
    meters.forEach(registry::remove);
  }
}
