package dev.polylm.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylm.PolyLm;
import dev.polylm.PolyLmOptions;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.generation.GenerationHandle;
import dev.polylm.generation.GenerationRequest;
import dev.polylm.generation.GenerationResult;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a registry and a recording say of real requests. */
final class ObservationTest {
  private static final String PROMPT =
      "Beijing is the capital of China.\nTranslate this sentence from English to German.";
  private static final GenerationRequest REQUEST = GenerationRequest.ofPrompt(PROMPT);

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  @BeforeEach
  void add() {
    Metrics.addRegistry(registry);
  }

  @AfterEach
  void remove() {
    Metrics.removeRegistry(registry);
  }

  private double count(String name) {
    return registry.get(name).tag("model", "polylm-tiny").counter().count();
  }

  private double ended(String how) {
    return registry.get("polylm.requests").tag("end", how).counter().count();
  }

  @Test
  void micrometerCountsWhatWasDone() {
    try (PolyLm polyLm = PolyLm.openEmbedded()) {
      GenerationResult first = polyLm.generate(REQUEST);
      assertThat(ended("finished")).isEqualTo(1);
      assertThat(count("polylm.tokens.prompt")).isEqualTo(first.promptTokens());
      assertThat(count("polylm.tokens.decoded")).isEqualTo(first.newTokens() - 1);
      assertThat(count("polylm.tokens.reused")).isZero();

      GenerationResult second = polyLm.generate(REQUEST);
      assertThat(second.text()).isEqualTo(first.text());
      assertThat(count("polylm.prefix.hits")).isEqualTo(1);
      assertThat(count("polylm.tokens.reused") + count("polylm.tokens.prompt"))
          .isEqualTo(2.0 * first.promptTokens());
      assertThat(registry.get("polylm.request.first.token").timer().count()).isEqualTo(2);
      assertThat(registry.get("polylm.memory.prefixes").gauge().value()).isPositive();
      assertThat(registry.get("polylm.step.rows").summary().max()).isEqualTo(1);

      GenerationHandle handle =
          polyLm.start(
              REQUEST.withConfig(
                  GenerationConfig.builder().maxNewTokens(400).minNewTokens(400).build()));
      handle.cancel();
      handle.result();
      assertThat(ended("finished") + ended("cancelled")).isEqualTo(3);
      assertThat(ended("failed") + ended("timed_out")).isZero();
    }
    assertThat(registry.getMeters()).isEmpty();
  }

  @Test
  void flightRecorderHoldsEveryRequestButNoText(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("recording.jfr");
    GenerationResult result;
    try (Recording recording = new Recording();
        PolyLm polyLm = PolyLm.openEmbedded()) {
      recording.enable("dev.polylm.Step");
      recording.enable("dev.polylm.Prompt");
      recording.start();
      result = polyLm.generate(REQUEST);
      recording.stop();
      recording.dump(file);
    }
    List<RecordedEvent> events = RecordingFile.readAllEvents(file);
    List<RecordedEvent> requests = named(events, "dev.polylm.Request");
    assertThat(requests).hasSize(1);
    assertThat(requests.get(0).getString("model")).isEqualTo("polylm-tiny");
    assertThat(requests.get(0).getInt("promptIds")).isEqualTo(result.promptTokens());
    assertThat(named(events, "dev.polylm.Step")).hasSize(requests.get(0).getInt("steps"));
    assertThat(named(events, "dev.polylm.Prompt").stream().mapToInt(e -> e.getInt("ids")).sum())
        .isEqualTo(result.promptTokens());
    assertThat(events.stream().filter(e -> e.getEventType().getName().startsWith("dev.polylm")))
        .noneMatch(e -> e.toString().contains("Beijing") || e.toString().contains("Peking"));
  }

  @Test
  void logsHoldTextsOnlyWhereSomeoneAskedForThem() {
    Logger logger = Logger.getLogger("dev.polylm");
    List<String> lines = new CopyOnWriteArrayList<>();
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord line) {
            lines.add(line.getMessage());
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    handler.setLevel(Level.ALL);
    logger.setLevel(Level.ALL);
    logger.addHandler(handler);
    try {
      try (PolyLm polyLm = PolyLm.openEmbedded()) {
        polyLm.generate(REQUEST);
      }
      assertThat(lines).hasSize(1);
      assertThat(lines.get(0)).startsWith("polylm-tiny: FINISHED: prompt of ");
      lines.clear();
      PolyLmOptions asked = PolyLmOptions.builder().logTexts(true).build();
      try (PolyLm polyLm = PolyLm.openEmbedded(asked)) {
        polyLm.generate(REQUEST);
      }
      assertThat(lines)
          .hasSize(3)
          .contains("prompt: " + PROMPT, "answer: \nPeking ist die Hauptstadt von China.");
    } finally {
      logger.removeHandler(handler);
      logger.setLevel(null);
    }
  }

  private static List<RecordedEvent> named(List<RecordedEvent> events, String name) {
    return events.stream().filter(e -> e.getEventType().getName().equals(name)).toList();
  }
}
