package dev.polylm.jakarta.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polylm.jakarta.model.Models;
import dev.polylm.jakarta.model.ServedModel;
import dev.polylm.jakarta.openai.ApiException;
import dev.polylm.jakarta.openai.ModelNames;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Optional;

/** Serves the list of models. */
@Api
@Path("v1/models")
@Produces(MediaType.APPLICATION_JSON)
@ApplicationScoped
public class ModelsResource {
  @Inject private Models models;

  /** Returns all models that are open. */
  @GET
  public Response list() {
    try {
      ObjectNode body = JsonNodeFactory.instance.objectNode().put("object", "list");
      ArrayNode data = body.putArray("data");
      ModelNames.open(models).forEach(model -> data.add(json(model)));
      return ApiResponses.ok(body);
    } catch (ApiException e) {
      return ApiResponses.error(e);
    }
  }

  /** Returns one model. */
  @GET
  @Path("{id: .+}")
  public Response one(@PathParam("id") String id) {
    try {
      return ApiResponses.ok(json(ModelNames.find(models, Optional.of(id))));
    } catch (ApiException e) {
      return ApiResponses.error(e);
    }
  }

  private static ObjectNode json(ServedModel model) {
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("id", model.id())
            .put("object", "model")
            .put("created", model.openedAt().getEpochSecond())
            .put("owned_by", "polylm")
            .put("device", model.await().placement().device());
    model.base().ifPresent(base -> json.put("parent", base.id()));
    return json;
  }
}
