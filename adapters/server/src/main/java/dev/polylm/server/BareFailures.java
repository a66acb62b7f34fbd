package dev.polylm.server;

import dev.polylm.jakarta.rest.ApiResponses;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.ext.Provider;
import java.lang.annotation.Annotation;

/**
 * Puts a sentence into failures that have no body. polylm-jakarta does so for paths of its API
 * only, since others may belong to the application around it; here all paths are the server's.
 */
@Provider
@ApplicationScoped
public class BareFailures implements ContainerResponseFilter {
  @Override
  public void filter(ContainerRequestContext request, ContainerResponseContext response) {
    if (response.getStatus() >= 400 && !response.hasEntity()) {
      response.setEntity(
          ApiResponses.notHere(response.getStatusInfo()).getEntity(),
          new Annotation[0],
          MediaType.APPLICATION_JSON_TYPE);
    }
  }
}
