package dev.polylm.jakarta.rest;

import dev.polylm.jakarta.config.PolyLmSettings;
import dev.polylm.jakarta.openai.ApiException;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.Provider;
import org.jspecify.annotations.Nullable;

/**
 * Lets pages of the configured origins ask; without any, browsers keep all other origins' pages
 * away (the Fetch standard of WHATWG, "CORS protocol").
 */
@Provider
@PreMatching
@Priority(CorsFilter.BEFORE_ACCESS)
@ApplicationScoped
public class CorsFilter implements ContainerRequestFilter, ContainerResponseFilter {
  static final int BEFORE_ACCESS = 500;

  @Inject private PolyLmSettings settings;

  /** Answers a browser's question whether a page may ask; it brings no key. */
  @Override
  public void filter(ContainerRequestContext request) {
    if (!ApiPaths.isApi(request.getUriInfo())
        || !request.getMethod().equals(HttpMethod.OPTIONS)
        || request.getHeaderString("Access-Control-Request-Method") == null) {
      return;
    }
    if (allowedOrigin(request) == null) {
      request.abortWith(
          ApiResponses.error(ApiException.refused(403, "Pages of this origin may not ask.")));
      return;
    }
    request.abortWith(
        Response.noContent()
            .header("Access-Control-Allow-Methods", "GET, POST")
            .header("Access-Control-Allow-Headers", "Authorization, Content-Type")
            .header("Access-Control-Max-Age", "600")
            .build());
  }

  @Override
  public void filter(ContainerRequestContext request, ContainerResponseContext response) {
    String origin = allowedOrigin(request);
    if (origin != null && ApiPaths.isApi(request.getUriInfo())) {
      MultivaluedMap<String, Object> headers = response.getHeaders();
      headers.putSingle("Access-Control-Allow-Origin", origin);
      headers.putSingle("Vary", "Origin");
    }
  }

  private @Nullable String allowedOrigin(ContainerRequestContext request) {
    String origin = request.getHeaderString("Origin");
    return origin != null && settings.server().corsOrigins().contains(origin) ? origin : null;
  }
}
