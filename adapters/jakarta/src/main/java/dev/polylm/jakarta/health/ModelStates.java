package dev.polylm.jakarta.health;

import dev.polylm.jakarta.model.Models;
import dev.polylm.jakarta.model.ServedModel;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;

/** Adds the state of each model to a check. */
final class ModelStates {
  private ModelStates() {}

  static boolean allOpen(Models models) {
    return models.all().stream().allMatch(model -> model.ifOpen().isPresent());
  }

  /** Only the log says why a model can't be used, since the reason may name folders. */
  static HealthCheckResponse response(String name, Models models, boolean up) {
    HealthCheckResponseBuilder response = HealthCheckResponse.named(name).status(up);
    for (ServedModel model : models.all()) {
      response.withData(model.name().isEmpty() ? "model" : model.name(), state(model));
    }
    return response.build();
  }

  private static String state(ServedModel model) {
    if (model.ifOpen().isPresent()) {
      return model.isQueueFull() ? "open, its queue is full" : "open";
    }
    return model.failure().isPresent() ? "failed" : "opening";
  }
}
