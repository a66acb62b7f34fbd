package dev.polylm.jakarta.rest;

import dev.polylm.jakarta.openai.ApiException;
import dev.polylm.jakarta.openai.TokenReader;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Optional;

/** Describes a model's tokenizer. */
@Api
@Path("tokenizer_info")
@Produces(MediaType.APPLICATION_JSON)
@ApplicationScoped
public class TokenizerInfoResource {
  @Inject private TokenReader reader;

  /** Returns the tokenizer's special tokens and sizes. */
  @GET
  public Response info(@QueryParam("model") String model) {
    try {
      return ApiResponses.ok(reader.info(Optional.ofNullable(model)));
    } catch (ApiException e) {
      return ApiResponses.error(e);
    }
  }
}
