package dev.polylm.server;

import dev.polylm.jakarta.model.Models;
import dev.polylm.jakarta.model.ServedModel;
import dev.polylm.jakarta.rest.Traffic;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** Says to anyone whether the server would take a request: all models are open, and it has room. */
@Path("health")
@Produces(MediaType.APPLICATION_JSON)
@ApplicationScoped
public class HealthResource {
  @Inject private Models models;
  @Inject private Traffic traffic;

  /** Returns 200 if so, else 503. */
  @GET
  public Response health() {
    if (!models.all().stream().allMatch(model -> model.ifOpen().isPresent())) {
      boolean failed = models.all().stream().anyMatch(model -> model.failure().isPresent());
      return down(failed ? "a model can't be used" : "a model is being opened");
    }
    boolean full = traffic.isFull() || models.all().stream().anyMatch(ServedModel::isQueueFull);
    return full ? down("as many requests as may be") : Response.ok("{\"status\":\"up\"}").build();
  }

  private static Response down(String reason) {
    return Response.status(Response.Status.SERVICE_UNAVAILABLE)
        .entity("{\"status\":\"down\",\"reason\":\"%s\"}".formatted(reason))
        .build();
  }
}
