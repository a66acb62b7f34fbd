package dev.polylm.internal.observe;

import dev.polylm.EngineState;
import dev.polylm.Placement;
import dev.polylm.generation.DraftCounts;
import dev.polylm.generation.Timings;
import dev.polylm.internal.engine.EngineObserver;
import dev.polylm.internal.engine.EngineRequest.Status;
import dev.polylm.internal.log.Slf4j;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** All observers of one model's engine. */
public final class Observers implements EngineObserver, AutoCloseable {
  private static final boolean MICROMETER = isPresent("io.micrometer.core.instrument.Metrics");

  private final List<EngineObserver> observers = new ArrayList<>();

  /**
   * Makes the observers: Flight Recorder, SLF4J if it has a provider, and a Micrometer registry if
   * there is one.
   *
   * @param model the model's name
   * @param placement where it runs
   * @param state supplies the gauges; any thread may call it
   * @param registry a MeterRegistry, or null for the global registry if Micrometer is present
   */
  public Observers(
      String model, Placement placement, Supplier<EngineState> state, @Nullable Object registry) {
    observers.add(new FlightRecorder(model));
    if (Slf4j.isHeard()) {
      observers.add(new RequestLog(model));
    }
    if (registry != null) {
      observers.add(new Micrometer((MeterRegistry) registry, model, placement, state));
    } else if (MICROMETER) {
      observers.add(Micrometer.inGlobalRegistry(model, placement, state));
    }
  }

  private static boolean isPresent(String name) {
    try {
      Class.forName(name, false, Observers.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  @Override
  public void promptRead(int ids, Duration took) {
    observers.forEach(observer -> observer.promptRead(ids, took));
  }

  @Override
  public void stepped(int rows, int guesses, Duration took) {
    observers.forEach(observer -> observer.stepped(rows, guesses, took));
  }

  @Override
  public void draftPlanned(int length) {
    observers.forEach(observer -> observer.draftPlanned(length));
  }

  @Override
  public void ended(Status how, int promptIds, int reusedIds, DraftCounts drafts, Timings timings) {
    observers.forEach(observer -> observer.ended(how, promptIds, reusedIds, drafts, timings));
  }

  /** Removes the meters from their registry. */
  @Override
  public void close() {
    for (EngineObserver observer : observers) {
      if (observer instanceof Micrometer micrometer) {
        micrometer.close();
      }
    }
  }
}
