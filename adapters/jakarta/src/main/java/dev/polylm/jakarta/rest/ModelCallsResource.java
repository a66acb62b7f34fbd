package dev.polylm.jakarta.rest;

import dev.polylm.jakarta.openai.EmbeddingReader;
import dev.polylm.jakarta.openai.RelevanceReader;
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

/** Serves vectors of texts, and how relevant texts are. {@link BodyFilter} has read the body. */
@Api
@Path("v1")
@Produces(MediaType.APPLICATION_JSON)
@ApplicationScoped
public class ModelCallsResource {
  @Inject private EmbeddingReader embeddings;
  @Inject private RelevanceReader relevance;
  @Inject private Requests requests;

  /** Returns the vectors of texts. */
  @POST
  @Path("embeddings")
  public void embeddings(
      @Context HttpServletRequest request,
      @Context HttpServletResponse response,
      @Suspended AsyncResponse answer) {
    requests.call(new Requests.Exchange(request, response), embeddings::embeddings, answer);
  }

  /** Returns documents, the most relevant first. */
  @POST
  @Path("rerank")
  public void rerank(
      @Context HttpServletRequest request,
      @Context HttpServletResponse response,
      @Suspended AsyncResponse answer) {
    requests.call(new Requests.Exchange(request, response), relevance::rerank, answer);
  }

  /** Returns how relevant texts are to others. */
  @POST
  @Path("score")
  public void score(
      @Context HttpServletRequest request,
      @Context HttpServletResponse response,
      @Suspended AsyncResponse answer) {
    requests.call(new Requests.Exchange(request, response), relevance::score, answer);
  }
}
