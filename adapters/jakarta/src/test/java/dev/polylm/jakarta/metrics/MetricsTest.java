package dev.polylm.jakarta.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylm.PolyLm;
import dev.polylm.jakarta.server.Deployment;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Meters of the engine in a registry of the application's, as the README shows it. */
final class MetricsTest {
  private static final SimpleMeterRegistry REGISTRY = new SimpleMeterRegistry();

  /** Where a server, or the application, has its registry from. */
  @ApplicationScoped
  public static class Registries {
    @Produces
    @Singleton
    MeterRegistry registry() {
      return REGISTRY;
    }
  }

  /** The README's lines. */
  @ApplicationScoped
  public static class Meters {
    @Inject private MeterRegistry registry;

    void start(@Observes @Initialized(ApplicationScoped.class) Object event) {
      Metrics.addRegistry(registry);
    }

    @PreDestroy
    void end() {
      Metrics.removeRegistry(registry);
    }
  }

  /** What asks. */
  @Singleton
  public static class Asker {
    @Inject private PolyLm polyLm;
  }

  @Test
  void metersAreInTheRegistryUntilTheApplicationEnds() {
    try (Deployment deployment =
        new Deployment(Map.of(), Registries.class, Meters.class, Asker.class)) {
      assertThat(deployment.get(Asker.class).polyLm.generate("a")).isNotEmpty();
      assertThat(
              REGISTRY
                  .get("polylm.requests")
                  .tags("model", "polylm-tiny", "end", "finished")
                  .counter()
                  .count())
          .isEqualTo(1);
      assertThat(REGISTRY.get("polylm.queue").gauge().value()).isZero();
    }
    assertThat(Metrics.globalRegistry.find("polylm.requests").counters()).isEmpty();
  }
}
