package dev.polylm.server;

import dev.polylm.jakarta.openai.ApiException;
import dev.polylm.jakarta.rest.Access;
import dev.polylm.jakarta.rest.ApiResponses;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;

/** Serves Micrometer's meters as Prometheus reads them, to those who may call the API. */
@Path("metrics")
@ApplicationScoped
public class MetricsResource {
  private static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";

  @Inject private Access access;

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  void start(@Observes @Initialized(ApplicationScoped.class) Object event) {
    Metrics.addRegistry(registry);
  }

  @PreDestroy
  void end() {
    Metrics.removeRegistry(registry);
    registry.close();
  }

  /** Returns the meters' values. */
  @GET
  public Response metrics(@Context HttpServletRequest request) {
    try {
      access.caller(request);
    } catch (ApiException e) {
      return ApiResponses.error(e);
    }
    return Response.ok(registry.scrape(TYPE)).header("Content-Type", TYPE).build();
  }
}
