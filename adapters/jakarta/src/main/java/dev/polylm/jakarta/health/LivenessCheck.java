package dev.polylm.jakarta.health;

import dev.polylm.jakarta.model.Models;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/** Reports down if a model can't be opened, since only a restart can help then. */
@Liveness
@ApplicationScoped
public class LivenessCheck implements HealthCheck {
  @Inject private Models models;

  @Override
  public HealthCheckResponse call() {
    boolean up = models.all().stream().allMatch(model -> model.failure().isEmpty());
    return ModelStates.response("polylm-liveness", models, up);
  }
}
