package dev.polylm.jakarta.health;

import dev.polylm.jakarta.model.Models;
import dev.polylm.jakarta.model.ServedModel;
import dev.polylm.jakarta.rest.Traffic;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Reports up while all models are open and the server and each model would take another request.
 */
@Readiness
@ApplicationScoped
public class ReadinessCheck implements HealthCheck {
  @Inject private Models models;
  @Inject private Traffic traffic;

  @Override
  public HealthCheckResponse call() {
    boolean up =
        ModelStates.allOpen(models)
            && !traffic.isFull()
            && models.all().stream().noneMatch(ServedModel::isQueueFull);
    return ModelStates.response("polylm-readiness", models, up);
  }
}
