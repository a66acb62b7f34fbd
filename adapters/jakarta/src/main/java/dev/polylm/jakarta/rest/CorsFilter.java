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
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Lets pages of the configured origins call the API. Without such origins, browsers refuse the
 * pages of all other origins (the Fetch standard of WHATWG, "CORS protocol").
 */
@Provider
@PreMatching
@Priority(CorsFilter.BEFORE_ACCESS)
@ApplicationScoped
public class CorsFilter implements ContainerRequestFilter, ContainerResponseFilter {
  static final int BEFORE_ACCESS = 500;

  /** Matches names with commas between them, by RFC 9110, section 5.6.2. */
  private static final Pattern HEADER_NAMES = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~, -]*");

  @Inject private PolyLmSettings settings;

  /** Answers a browser that asks whether a page may call the API. That request has no key. */
  @Override
  public void filter(ContainerRequestContext request) {
    if (!ApiPaths.isApi(request.getUriInfo())
        || !request.getMethod().equals(HttpMethod.OPTIONS)
        || request.getHeaderString("Access-Control-Request-Method") == null) {
      return;
    }
    if (allowedOrigin(request) == null) {
      request.abortWith(
          ApiResponses.error(
              ApiException.refused(403, "Pages of this origin may not call the API.")));
      return;
    }
    request.abortWith(
        Response.noContent()
            .header("Access-Control-Allow-Methods", "GET, POST")
            .header("Access-Control-Allow-Headers", allowedHeaders(request))
            .header("Access-Control-Max-Age", "600")
            .build());
  }

  /**
   * The headers that the page asks for: OpenAI's clients send their own, such as x-stainless-os.
   */
  private static String allowedHeaders(ContainerRequestContext request) {
    String asked = request.getHeaderString("Access-Control-Request-Headers");
    return asked != null && HEADER_NAMES.matcher(asked).matches()
        ? asked
        : "Authorization, Content-Type";
  }

  @Override
  public void filter(ContainerRequestContext request, ContainerResponseContext response) {
    String origin = allowedOrigin(request);
    if (origin != null && ApiPaths.isApi(request.getUriInfo())) {
      MultivaluedMap<String, Object> headers = response.getHeaders();
      headers.putSingle("Access-Control-Allow-Origin", origin);
      headers.putSingle("Access-Control-Expose-Headers", "Retry-After, " + Requests.WARNING);
      headers.putSingle("Vary", "Origin, Access-Control-Request-Headers");
    }
  }

  private @Nullable String allowedOrigin(ContainerRequestContext request) {
    String origin = request.getHeaderString("Origin");
    return origin != null && settings.server().corsOrigins().contains(origin) ? origin : null;
  }
}
