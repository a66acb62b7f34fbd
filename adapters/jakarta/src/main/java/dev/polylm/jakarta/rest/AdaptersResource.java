package dev.polylm.jakarta.rest;

import dev.polylm.jakarta.openai.AdapterReader;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;

/**
 * Loads and unloads adapters, if the configuration allows that. {@link BodyFilter} has read the
 * body.
 */
@Api
@Path("v1")
@ApplicationScoped
public class AdaptersResource {
  @Inject private AdapterReader reader;
  @Inject private Requests requests;

  /** Loads an adapter. */
  @POST
  @Path("load_lora_adapter")
  public Response load(@Context HttpServletRequest request, @Context HttpServletResponse response) {
    return requests.say(new Requests.Exchange(request, response), reader::load);
  }

  /** Unloads an adapter. */
  @POST
  @Path("unload_lora_adapter")
  public Response unload(
      @Context HttpServletRequest request, @Context HttpServletResponse response) {
    return requests.say(new Requests.Exchange(request, response), reader::unload);
  }
}
