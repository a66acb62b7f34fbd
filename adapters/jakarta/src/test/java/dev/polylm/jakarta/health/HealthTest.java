package dev.polylm.jakarta.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylm.PolyLm;
import dev.polylm.generation.GenerationHandle;
import dev.polylm.generation.GenerationRequest;
import dev.polylm.jakarta.model.Models;
import dev.polylm.jakarta.server.Deployment;
import dev.polylm.jakarta.server.StandingRequest;
import io.smallrye.health.SmallRyeHealth;
import io.smallrye.health.SmallRyeHealthReporter;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class HealthTest {
  /** Asks as a server does. */
  @Dependent
  public static class Probe {
    @Inject private SmallRyeHealthReporter reporter;
    @Inject private Models models;
  }

  @Test
  void anOpenModelIsHealthy() {
    try (Deployment deployment = new Deployment(Map.of(), Probe.class)) {
      Probe probe = deployment.get(Probe.class);
      assertThat(probe.models.named("").await().manifest().name()).isEqualTo("polylm-tiny");
      assertThat(text(probe.reporter.getStartup()))
          .isEqualTo(
              "{\"status\":\"UP\",\"checks\":[{\"name\":\"polylm-startup\",\"status\":\"UP\","
                  + "\"data\":{\"model\":\"open\"}}]}");
      assertThat(text(probe.reporter.getReadiness())).startsWith("{\"status\":\"UP\"");
      assertThat(text(probe.reporter.getLiveness())).startsWith("{\"status\":\"UP\"");
    }
  }

  @Test
  void aModelThatCanNotBeOpenedIsNot() {
    Map<String, String> config = Map.of("polylm.model.path", "/no/such/folder");
    try (Deployment deployment = new Deployment(config, Probe.class)) {
      Probe probe = deployment.get(Probe.class);
      while (probe.models.named("").failure().isEmpty()) {
        Thread.onSpinWait();
      }
      assertThat(text(probe.reporter.getStartup())).startsWith("{\"status\":\"DOWN\"");
      assertThat(text(probe.reporter.getReadiness())).startsWith("{\"status\":\"DOWN\"");
      assertThat(text(probe.reporter.getLiveness()))
          .isEqualTo(
              "{\"status\":\"DOWN\",\"checks\":[{\"name\":\"polylm-liveness\",\"status\":\"DOWN\","
                  + "\"data\":{\"model\":\"failed\"}}]}");
    }
  }

  @Test
  void aFullQueueIsNotReady() {
    Map<String, String> config = Map.of("polylm.max-rows", "1", "polylm.queue", "1");
    try (Deployment deployment = new Deployment(config, Probe.class)) {
      Probe probe = deployment.get(Probe.class);
      PolyLm polyLm = probe.models.named("").await();
      StandingRequest standing = new StandingRequest();
      GenerationHandle running = polyLm.start(standing.request());
      standing.awaitBegun();
      assertThat(text(probe.reporter.getReadiness())).startsWith("{\"status\":\"UP\"");
      GenerationHandle waiting = polyLm.start(GenerationRequest.ofPrompt("a"));
      while (polyLm.engineState().waiting() == 0) {
        Thread.onSpinWait();
      }
      assertThat(text(probe.reporter.getReadiness()))
          .isEqualTo(
              "{\"status\":\"DOWN\",\"checks\":[{\"name\":\"polylm-readiness\",\"status\":\"DOWN\","
                  + "\"data\":{\"model\":\"open, its queue is full\"}}]}");
      assertThat(text(probe.reporter.getLiveness())).startsWith("{\"status\":\"UP\"");
      standing.goOn();
      assertThat(running.result().text()).isNotEmpty();
      assertThat(waiting.result().text()).isNotEmpty();
      assertThat(text(probe.reporter.getReadiness())).startsWith("{\"status\":\"UP\"");
    }
  }

  private static String text(SmallRyeHealth health) {
    return health.getPayload().toString();
  }
}
