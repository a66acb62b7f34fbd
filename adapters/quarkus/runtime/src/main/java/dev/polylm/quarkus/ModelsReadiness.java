package dev.polylm.quarkus;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/**
 * Reports up while no model's queue is full, and none has failed to open. A model that is not open
 * yet since it is opened lazily is up.
 */
@Readiness
@Singleton
public class ModelsReadiness implements HealthCheck {
  private final ConfiguredModels models;

  @Inject
  ModelsReadiness(ConfiguredModels models) {
    this.models = models;
  }

  @Override
  public HealthCheckResponse call() {
    HealthCheckResponseBuilder response =
        HealthCheckResponse.named("polylm")
            .status(models.all().values().stream().allMatch(ModelsReadiness::isReady));
    models
        .all()
        .forEach((name, model) -> response.withData(name.isEmpty() ? "model" : name, state(model)));
    return response.build();
  }

  private static boolean isReady(ConfiguredModel model) {
    return !model.isQueueFull() && model.failure().isEmpty();
  }

  private static String state(ConfiguredModel model) {
    if (model.ifOpen().isEmpty()) {
      return model.failure().orElse("not open yet");
    }
    return model.isQueueFull() ? "open, its queue is full" : "open";
  }
}
