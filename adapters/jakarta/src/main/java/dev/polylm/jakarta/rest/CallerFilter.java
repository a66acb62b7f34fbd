package dev.polylm.jakarta.rest;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.Provider;

/**
 * Refuses requests that {@link AccessFilter} has not let in. That filter checks the path before a
 * resource is chosen. This one checks the resource that was chosen. So if only the server takes a
 * path for one of the API's, the path leads nowhere.
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
