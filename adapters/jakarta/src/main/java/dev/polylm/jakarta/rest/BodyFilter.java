package dev.polylm.jakarta.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polylm.jakarta.config.PolyLmSettings;
import dev.polylm.jakarta.openai.ApiException;
import dev.polylm.jakarta.openai.Json;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
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
public class BodyFilter implements ContainerRequestFilter, ContainerResponseFilter {
  /** The property that holds the body, an {@link ObjectNode}. */
  static final String BODY = "dev.polylm.jakarta.body";

  /**
   * The property that holds the memory that the body takes, a {@link BodyMemory.Share}. It is given
   * up with the response, unless a resource removes the property and gives it up later.
   */
  static final String MEMORY = "dev.polylm.jakarta.memory";

  @Inject private PolyLmSettings settings;
  @Inject private BodyReader reader;
  @Inject private BodyMemory memory;

  @Override
  public void filter(ContainerRequestContext request) {
    if (request.getProperty(AccessFilter.CALLER) == null
        || !request.getMethod().equals(HttpMethod.POST)) {
      return;
    }
    BodyMemory.Share share = memory.share();
    request.setProperty(MEMORY, share);
    try {
      ObjectNode body = read(request, share);
      request.setProperty(BODY, body);
      request.setEntityStream(new ByteArrayInputStream(new byte[0]));
      request
          .getHeaders()
          .putSingle(
              HttpHeaders.ACCEPT,
              asksForStream(body) ? MediaType.SERVER_SENT_EVENTS : MediaType.APPLICATION_JSON);
    } catch (ApiException e) {
      request.abortWith(ApiResponses.error(e));
    }
  }

  @Override
  public void filter(ContainerRequestContext request, ContainerResponseContext response) {
    if (request.getProperty(MEMORY) instanceof BodyMemory.Share share) {
      share.close();
    }
  }

  static boolean asksForStream(ObjectNode body) {
    return body.path("stream").asBoolean(false);
  }

  private ObjectNode read(ContainerRequestContext request, BodyMemory.Share share) {
    MediaType type = request.getMediaType();
    if (type == null
        || !type.isCompatible(MediaType.APPLICATION_JSON_TYPE)
        || type.isWildcardType()) {
      throw ApiException.refused(415, "The body's type must be application/json.");
    }
    byte[] body =
        reader.read(
            request.getEntityStream(),
            request.getHeaderString(HttpHeaders.CONTENT_ENCODING),
            share);
    try {
      share.awaitRoom(settings.server().bodyTime());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ApiException.unavailable("The server is shutting down.");
    }
    return Json.parse(body);
  }
}
