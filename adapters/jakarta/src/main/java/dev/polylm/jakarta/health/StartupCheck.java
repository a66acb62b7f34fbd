package dev.polylm.jakarta.health;

import dev.polylm.jakarta.model.Models;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Startup;

/** Reports up once all models are open. */
@Startup
@ApplicationScoped
public class StartupCheck implements HealthCheck {
  @Inject private Models models;

  @Override
  public HealthCheckResponse call() {
    return ModelStates.response("polylm-startup", models, ModelStates.allOpen(models));
  }
}
