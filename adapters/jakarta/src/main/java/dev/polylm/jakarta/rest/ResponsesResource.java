package dev.polylm.jakarta.rest;

import dev.polylm.jakarta.openai.TaskReader;
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
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;

/**
 * Serves replies to conversations in the form of OpenAI's Responses API. {@link BodyFilter} has
 * read the body.
 */
@Api
@Path("v1/responses")
@ApplicationScoped
public class ResponsesResource {
  @Inject private TaskReader reader;
  @Inject private Requests requests;

  /** Returns the whole reply. */
  @POST
  @Produces(MediaType.APPLICATION_JSON)
  public void whole(
      @Context HttpServletRequest request,
      @Context HttpServletResponse response,
      @Suspended AsyncResponse answer) {
    requests.answer(new Requests.Exchange(request, response), reader::response, answer);
  }

  /** Streams the reply while it is made. */
  @POST
  @Produces(MediaType.SERVER_SENT_EVENTS)
  public void stream(
      @Context HttpServletRequest request,
      @Context HttpServletResponse response,
      @Context SseEventSink sink,
      @Context Sse sse) {
    requests.stream(new Requests.Exchange(request, response), reader::response, sink, sse);
  }
}
