package dev.polylm.jakarta.rest;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;

/** Writes the server's own errors in OpenAI's form, such as those for an unknown path or method. */
@Provider
@ApplicationScoped
public class ErrorMapper implements ExceptionMapper<WebApplicationException> {
  @SuppressWarnings("NullAway.Init") // the container sets it
  @Context
  private UriInfo uri;

  @Override
  public Response toResponse(WebApplicationException exception) {
    Response response = exception.getResponse();
    if (response.hasEntity() || response.getStatus() < 400 || !ApiPaths.isApi(uri)) {
      return response;
    }
    return ApiResponses.notHere(response.getStatusInfo());
  }
}
