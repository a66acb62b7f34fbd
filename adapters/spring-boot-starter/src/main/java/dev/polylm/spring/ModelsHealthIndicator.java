package dev.polylm.spring;

import java.util.List;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Reports down if a model can't be opened, and out of service if a queue is full. A model that is
 * not open yet since it is opened lazily is up.
 */
final class ModelsHealthIndicator implements HealthIndicator {
  private final List<ConfiguredModel> models;

  ModelsHealthIndicator(List<ConfiguredModel> models) {
    this.models = models;
  }

  /** The details say why a model can't be used. Spring Boot shows them to nobody by default. */
  @Override
  public Health health() {
    Health.Builder health = Health.up();
    if (models.stream().anyMatch(model -> model.failure().isPresent())) {
      health.down();
    } else if (models.stream().anyMatch(ConfiguredModel::isQueueFull)) {
      health.outOfService();
    }
    for (ConfiguredModel model : models) {
      health.withDetail(model.name().isEmpty() ? "model" : model.name(), state(model));
    }
    return health.build();
  }

  private static String state(ConfiguredModel model) {
    if (model.ifOpen().isPresent()) {
      return model.isQueueFull() ? "open, its queue is full" : "open";
    }
    return model.failure().map(reason -> "failed: " + reason).orElse("not open yet");
  }
}
