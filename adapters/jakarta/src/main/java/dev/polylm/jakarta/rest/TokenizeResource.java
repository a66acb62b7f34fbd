package dev.polylm.jakarta.rest;

import dev.polylm.jakarta.openai.TokenReader;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;

/** Returns the ids of a text. {@link BodyFilter} has read the body. */
@Api
@Path("tokenize")
@Produces(MediaType.APPLICATION_JSON)
@ApplicationScoped
public class TokenizeResource {
  @Inject private TokenReader reader;
  @Inject private Requests requests;

  /** Returns the ids of a text. */
  @POST
  public void tokenize(
      @Context HttpServletRequest request,
      @Context HttpServletResponse response,
      @Suspended AsyncResponse answer) {
    requests.call(
        new Requests.Exchange(request, response), (body, caller) -> reader.tokenize(body), answer);
  }
}
