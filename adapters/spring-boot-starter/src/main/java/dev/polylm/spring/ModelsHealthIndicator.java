package dev.polylm.spring;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Reports down if a model can't be opened, and out of service if a queue is full. A model that is
 * not open yet since it is opened lazily is up.
 */
final class ModelsHealthIndicator implements HealthIndicator {
  private final ConfiguredModels models;

  ModelsHealthIndicator(ConfiguredModels models) {
    this.models = models;
  }

  /** Only the log says why a model can't be used, since the reason may name folders. */
  @Override
  public Health health() {
    Health.Builder health = Health.up();
    if (models.all().stream().anyMatch(ConfiguredModel::isFailed)) {
      health.down();
    } else if (models.all().stream().anyMatch(ConfiguredModel::isQueueFull)) {
      health.outOfService();
    }
    for (ConfiguredModel model : models.all()) {
      health.withDetail(model.name().isEmpty() ? "model" : model.name(), state(model));
    }
    return health.build();
  }

  private static String state(ConfiguredModel model) {
    if (model.ifOpen().isPresent()) {
      return model.isQueueFull() ? "open, its queue is full" : "open";
    }
    return model.isFailed() ? "failed" : "not open yet";
  }
}
