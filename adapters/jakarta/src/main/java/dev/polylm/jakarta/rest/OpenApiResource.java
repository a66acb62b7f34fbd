package dev.polylm.jakarta.rest;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** Serves the description of the API. */
@Api
@Path("v1/openapi.json")
@Produces(MediaType.APPLICATION_JSON)
@ApplicationScoped
public class OpenApiResource {

  /** Returns the OpenAPI document. */
  @GET
  public Response document() {
    try (InputStream file = OpenApiResource.class.getResourceAsStream("openapi.json")) {
      if (file == null) {
        throw new IllegalStateException("the jar lacks openapi.json");
      }
      return Response.ok(file.readAllBytes()).build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
