package dev.polylm.jakarta.rest;

import dev.polylm.jakarta.openai.ApiException;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.ext.Provider;
import org.jspecify.annotations.Nullable;

/**
 * Refuses requests with headers that the server can't read. It reads them when it chooses a method,
 * and would answer in words of its own.
 */
@Provider
@PreMatching
@Priority(HeaderFilter.AFTER_ACCESS)
@ApplicationScoped
public class HeaderFilter implements ContainerRequestFilter {
  static final int AFTER_ACCESS = Priorities.AUTHENTICATION + 100;

  @Override
  public void filter(ContainerRequestContext request) {
    if (!ApiPaths.isApi(request.getUriInfo())) {
      return;
    }
    try {
      check(
          HttpHeaders.ACCEPT,
          400,
          () -> request.getAcceptableMediaTypes().forEach(HeaderFilter::readWeight));
      check(HttpHeaders.ACCEPT_LANGUAGE, 400, request::getAcceptableLanguages);
      check(HttpHeaders.CONTENT_TYPE, 415, () -> readWeight(request.getMediaType()));
    } catch (ApiException e) {
      request.abortWith(ApiResponses.error(e));
    }
  }

  private static void check(String header, int status, Runnable reading) {
    try {
      reading.run();
    } catch (RuntimeException e) { // each server has its own
      throw ApiException.refused(status, "The header %s can't be read.".formatted(header));
    }
  }

  /** Reads a weight, as RESTEasy does later in both headers. */
  private static void readWeight(@Nullable MediaType type) {
    String weight = type == null ? null : type.getParameters().get("q");
    if (weight != null) {
      Float.parseFloat(weight);
    }
  }
}
