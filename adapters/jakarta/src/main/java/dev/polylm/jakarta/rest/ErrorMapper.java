package dev.polylm.jakarta.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polylm.jakarta.openai.ApiException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;

/** Writes the server's own errors in OpenAI's form, such as those for an unknown path or method. */
@Provider
@ApplicationScoped
public class ErrorMapper implements ExceptionMapper<WebApplicationException> {
  private static final String NO_STREAM =
      "stream is true, but what this path answers is no stream: leave it out.";

  @SuppressWarnings("NullAway.Init") // the container sets it
  @Context
  private UriInfo uri;

  @SuppressWarnings("NullAway.Init") // the container sets it
  @Context
  private HttpServletRequest servletRequest;

  @Override
  public Response toResponse(WebApplicationException exception) {
    Response response = exception.getResponse();
    if (isJson(response) || response.getStatus() < 400 || !ApiPaths.isApi(uri)) {
      return response;
    }
    return response.getStatus() == Response.Status.NOT_ACCEPTABLE.getStatusCode() && isForStream()
        ? ApiResponses.error(ApiException.badRequest("stream", NO_STREAM))
        : ApiResponses.notHere(response.getStatusInfo());
  }

  /** Returns whether {@link BodyFilter} has asked for a stream because the body does. */
  private boolean isForStream() {
    return servletRequest.getAttribute(BodyFilter.BODY) instanceof ObjectNode body
        && BodyFilter.asksForStream(body);
  }

  /** Returns whether it is an error of the API. A server may add a text of its own to others. */
  private static boolean isJson(Response response) {
    return response.hasEntity()
        && MediaType.APPLICATION_JSON_TYPE.isCompatible(response.getMediaType());
  }
}
