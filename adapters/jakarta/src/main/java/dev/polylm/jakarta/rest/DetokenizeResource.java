package dev.polylm.jakarta.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polylm.jakarta.openai.ApiException;
import dev.polylm.jakarta.openai.TokenReader;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** Returns the text of ids. {@link BodyFilter} has read the body. */
@Api
@Path("detokenize")
@Produces(MediaType.APPLICATION_JSON)
@ApplicationScoped
public class DetokenizeResource {
  @Inject private TokenReader reader;

  /** Returns the text of ids. */
  @POST
  public Response detokenize(@Context HttpServletRequest request) {
    try {
      return ApiResponses.ok(reader.detokenize((ObjectNode) request.getAttribute(BodyFilter.BODY)));
    } catch (ApiException e) {
      return ApiResponses.error(e);
    }
  }
}
