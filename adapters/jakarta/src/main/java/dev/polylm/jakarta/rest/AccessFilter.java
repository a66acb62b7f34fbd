package dev.polylm.jakarta.rest;

import dev.polylm.jakarta.config.PolyLmSettings;
import dev.polylm.jakarta.openai.ApiException;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.ext.Provider;
import java.util.List;

/** Lets in callers with a key. If no keys are set, it lets in only this machine. */
@Provider
@PreMatching
@Priority(Priorities.AUTHENTICATION)
@ApplicationScoped
public class AccessFilter implements ContainerRequestFilter {
  /**
   * The property that identifies the caller: a number for each key, and the same for all without
   * one.
   */
  static final String CALLER = "dev.polylm.jakarta.caller";

  @Inject private PolyLmSettings settings;

  @SuppressWarnings("NullAway.Init") // the container sets it
  @Context
  private HttpServletRequest servletRequest;

  private ApiKeys keys = new ApiKeys(List.of());

  @PostConstruct
  void readKeys() {
    keys = new ApiKeys(settings.server().apiKeys());
  }

  @Override
  public void filter(ContainerRequestContext request) {
    if (!ApiPaths.isApi(request.getUriInfo())) {
      return;
    }
    if (!settings.server().enabled()) {
      request.abortWith(
          ApiResponses.error(
              ApiException.refused(404, "This server is disabled (polylm.server.enabled).")));
      return;
    }
    try {
      request.setProperty(CALLER, caller(request));
    } catch (ApiException e) {
      request.abortWith(ApiResponses.error(e));
    }
  }

  private int caller(ContainerRequestContext request) {
    if (keys.isEmpty()) {
      Loopback.check(servletRequest);
      return 0;
    }
    return keys.find(request.getHeaderString(HttpHeaders.AUTHORIZATION));
  }
}
