package dev.polylm.jakarta.health;

import dev.polylm.jakarta.model.Models;
import dev.polylm.jakarta.rest.Traffic;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Up while all models are open and another request would be taken. */
@Readiness
@ApplicationScoped
public class ReadinessCheck implements HealthCheck {
  @Inject private Models models;
  @Inject private Traffic traffic;

  @Override
  public HealthCheckResponse call() {
    boolean up = ModelStates.allOpen(models) && !traffic.isFull();
    return ModelStates.response("polylm-readiness", models, up);
  }
}
