package dev.polylm.internal.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylm.EngineState;
import dev.polylm.Placement;
import dev.polylm.generation.DraftCounts;
import dev.polylm.generation.Timings;
import dev.polylm.internal.engine.EngineObserver;
import dev.polylm.internal.engine.EngineRequest.Status;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a registry and a recording come to hold. */
final class ObserversTest {
  @TempDir Path folder;

  private static final Placement ON_CPU = new Placement("cpu", "cpu", new TreeMap<>(), null);

  private static void answered(EngineObserver observer) {
    observer.ended(Status.FINISHED, 100, 60, DraftCounts.NONE, timings(4));
  }

  private static Timings timings(int steps) {
    return new Timings(Duration.ofMillis(5), Duration.ofMillis(20), Duration.ofMillis(40), steps);
  }

  @Test
  void theRegistryCountsGuesses() {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    EngineState idle = new EngineState(0, 0, 0, 0, 0, 0);
    try (Micrometer micrometer = new Micrometer(registry, "tiny", ON_CPU, () -> idle)) {
      micrometer.draftPlanned(5);
      micrometer.stepped(1, 9, Duration.ofMillis(10));
      micrometer.ended(Status.FINISHED, 100, 60, new DraftCounts(9, 2), timings(1));
      assertThat(count(registry, "polylm.tokens.guessed")).isEqualTo(9);
      assertThat(count(registry, "polylm.tokens.guessed.right")).isEqualTo(2);
      assertThat(count(registry, "polylm.tokens.decoded")).isEqualTo(3);
      assertThat(registry.get("polylm.draft.length").gauge().value()).isEqualTo(5);
    }
  }

  @Test
  void theRegistryCountsAndTimes() {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    AtomicReference<EngineState> state =
        new AtomicReference<>(new EngineState(3, 2, 5, 1000, 200, 5000));
    try (Micrometer micrometer = new Micrometer(registry, "tiny", ON_CPU, state::get)) {
      micrometer.promptRead(40, Duration.ofMillis(20));
      micrometer.stepped(3, 0, Duration.ofMillis(10));
      micrometer.stepped(2, 0, Duration.ofMillis(20));
      answered(micrometer);
      micrometer.ended(Status.CANCELLED, 100, 60, DraftCounts.NONE, timings(0));

      assertThat(count(registry, "polylm.tokens.prompt")).isEqualTo(40);
      assertThat(
              registry.get("polylm.device").tags("device", "cpu", "cache", "cpu").gauge().value())
          .isEqualTo(1);
      assertThat(count(registry, "polylm.tokens.decoded")).isEqualTo(5);
      assertThat(count(registry, "polylm.tokens.reused")).isEqualTo(120);
      assertThat(count(registry, "polylm.prefix.hits")).isEqualTo(2);
      assertThat(registry.get("polylm.requests").tag("end", "finished").counter().count())
          .isEqualTo(1);
      assertThat(registry.get("polylm.requests").tag("end", "cancelled").counter().count())
          .isEqualTo(1);
      assertThat(registry.get("polylm.requests").tag("end", "failed").counter().count()).isZero();
      assertThat(millis(registry, "polylm.request.first.token")).isEqualTo(25);
      assertThat(registry.get("polylm.request.first.token").timer().count()).isEqualTo(1);
      assertThat(millis(registry, "polylm.request.token")).isEqualTo(10);
      assertThat(millis(registry, "polylm.request.queued")).isEqualTo(10);
      assertThat(millis(registry, "polylm.step")).isEqualTo(30);
      assertThat(registry.get("polylm.step.rows").summary().max()).isEqualTo(3);
      assertThat(registry.get("polylm.queue").tag("model", "tiny").gauge().value()).isEqualTo(3);
      state.set(new EngineState(0, 1, 1, 10, 20, 30));
      assertThat(registry.get("polylm.queue").gauge().value()).isZero();
      assertThat(registry.get("polylm.running").gauge().value()).isEqualTo(1);
      assertThat(registry.get("polylm.memory.rows").gauge().value()).isEqualTo(10);
      assertThat(registry.get("polylm.memory.prefixes").gauge().value()).isEqualTo(20);
      assertThat(registry.get("polylm.memory.limit").gauge().value()).isEqualTo(30);
    }
    assertThat(registry.getMeters()).isEmpty();
  }

  private static double count(SimpleMeterRegistry registry, String name) {
    return registry.get(name).counter().count();
  }

  private static double millis(SimpleMeterRegistry registry, String name) {
    return registry.get(name).timer().totalTime(TimeUnit.MILLISECONDS);
  }

  @Test
  void theGlobalRegistryIsUsedWhereMicrometerIs() {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    Metrics.addRegistry(registry);
    try (Observers observers =
        new Observers("global", ON_CPU, () -> new EngineState(0, 0, 0, 0, 0, 0), null)) {
      answered(observers);
      assertThat(
              registry
                  .get("polylm.requests")
                  .tag("model", "global")
                  .tag("end", "finished")
                  .counter()
                  .count())
          .isEqualTo(1);
    } finally {
      Metrics.removeRegistry(registry);
    }
  }

  @Test
  void flightRecorderHoldsRequestsAndWhereAskedSteps() throws IOException {
    Path file = folder.resolve("recording.jfr");
    try (Recording recording = new Recording();
        Observers observers =
            new Observers("recorded", ON_CPU, () -> new EngineState(0, 0, 0, 0, 0, 0), null)) {
      recording.enable("dev.polylm.Step");
      recording.start();
      observers.promptRead(40, Duration.ofMillis(20));
      observers.stepped(3, 0, Duration.ofMillis(10));
      answered(observers);
      recording.stop();
      recording.dump(file);
    }
    List<RecordedEvent> events =
        RecordingFile.readAllEvents(file).stream()
            .filter(event -> event.getEventType().getName().startsWith("dev.polylm."))
            .toList();
    assertThat(events).hasSize(2); // chunks of prompts were not asked for
    RecordedEvent step = events.get(0);
    assertThat(step.getEventType().getName()).isEqualTo("dev.polylm.Step");
    assertThat(step.getInt("rows")).isEqualTo(3);
    assertThat(step.getDuration("took")).isEqualTo(Duration.ofMillis(10));
    RecordedEvent request = events.get(1);
    assertThat(request.getString("model")).isEqualTo("recorded");
    assertThat(request.getString("end")).isEqualTo("FINISHED");
    assertThat(request.getInt("promptIds")).isEqualTo(100);
    assertThat(request.getInt("reusedIds")).isEqualTo(60);
    assertThat(request.getDuration("decoding")).isEqualTo(Duration.ofMillis(40));
  }
}
