package dev.polylm.jakarta.rest;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.Provider;

/**
 * Refuses what {@link AccessFilter} has not let in. That filter goes by the path, before a resource
 * is chosen; this one goes by the resource that was chosen. So a path that only the server takes
 * for the API's leads nowhere.
 */
@Provider
@Api
@Priority(Priorities.AUTHORIZATION)
@ApplicationScoped
public class CallerFilter implements ContainerRequestFilter {
  @Override
  public void filter(ContainerRequestContext request) {
    if (request.getProperty(AccessFilter.CALLER) == null) {
      request.abortWith(ApiResponses.notHere(Response.Status.NOT_FOUND));
    }
  }
}
