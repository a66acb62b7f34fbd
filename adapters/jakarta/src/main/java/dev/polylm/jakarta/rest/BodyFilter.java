package dev.polylm.jakarta.rest;

import dev.polylm.jakarta.openai.ApiException;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.ext.Provider;
import java.io.ByteArrayInputStream;

/**
 * Reads the body, up to the limit, before a method is chosen. OpenAI's clients ask for a stream in
 * the body, but JAX-RS chooses by the header Accept, so this filter sets that header.
 *
 * <p>Only JSON is accepted, also by its media type, since a page of another origin can't send that
 * media type without asking first.
 */
@Provider
@PreMatching
@Priority(Priorities.HEADER_DECORATOR)
@ApplicationScoped
public class BodyFilter implements ContainerRequestFilter {
  /** The property that holds the body's bytes, which are a JSON object. */
  static final String BODY = "dev.polylm.jakarta.body";

  @Inject private BodyReader reader;
  @Inject private BodyParser parser;

  @Override
  public void filter(ContainerRequestContext request) {
    if (request.getProperty(AccessFilter.CALLER) == null
        || !request.getMethod().equals(HttpMethod.POST)) {
      return;
    }
    try {
      byte[] body = read(request);
      boolean stream = parser.parse(body, fields -> fields.path("stream").asBoolean(false));
      request.setProperty(BODY, body);
      request.setEntityStream(new ByteArrayInputStream(new byte[0]));
      request
          .getHeaders()
          .putSingle(
              HttpHeaders.ACCEPT,
              stream ? MediaType.SERVER_SENT_EVENTS : MediaType.APPLICATION_JSON);
    } catch (ApiException e) {
      request.abortWith(ApiResponses.error(e));
    }
  }

  private byte[] read(ContainerRequestContext request) {
    MediaType type = mediaType(request);
    if (type == null
        || !type.isCompatible(MediaType.APPLICATION_JSON_TYPE)
        || type.isWildcardType()) {
      throw ApiException.refused(415, "The body's type must be application/json.");
    }
    return reader.read(
        request.getEntityStream(), request.getHeaderString(HttpHeaders.CONTENT_ENCODING));
  }

  private static MediaType mediaType(ContainerRequestContext request) {
    try {
      return request.getMediaType();
    } catch (RuntimeException e) {
      throw ApiException.refused(415, "The header Content-Type can't be read.");
    }
  }
}
