package dev.polylm.jakarta.rest;

import dev.polylm.jakarta.config.PolyLmSettings;
import dev.polylm.jakarta.openai.ApiException;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.ext.Provider;

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
  @Inject private Access access;

  @SuppressWarnings("NullAway.Init") // the container sets it
  @Context
  private HttpServletRequest servletRequest;

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
      request.setProperty(CALLER, access.caller(servletRequest));
    } catch (ApiException e) {
      request.abortWith(ApiResponses.error(e));
    }
  }
}
