package dev.polylm.jakarta.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylm.jakarta.model.Models;
import dev.polylm.jakarta.server.Deployment;
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

  private static String text(SmallRyeHealth health) {
    return health.getPayload().toString();
  }
}
