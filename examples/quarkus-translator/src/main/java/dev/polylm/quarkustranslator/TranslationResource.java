package dev.polylm.quarkustranslator;

import dev.polylm.PolyLm;
import dev.polylm.constraint.Constraint;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.generation.GenerationRequest;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Multi;
import jakarta.inject.Inject;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** Translates texts between PolyLM's languages. */
@Path("/translations")
public class TranslationResource {
  private static final Constraint ANSWER =
      Constraint.jsonSchema(
          """
          {"type": "object", "required": ["translation"], "additionalProperties": false,
           "properties": {"translation": {"type": "string", "maxLength": 60}}}""");

  private final PolyLm polyLm;
  private final GenerationConfig config;

  @Inject
  TranslationResource(PolyLm polyLm, GenerationConfig config) {
    this.polyLm = polyLm;
    this.config = config;
  }

  /** What is translated, with the English names of languages. */
  public record Task(String text, String from, String to) {
    GenerationRequest request(GenerationConfig config) {
      return GenerationRequest.ofPrompt(
              "%s\nTranslate this sentence from %s to %s.\n".formatted(text, from, to))
          .withConfig(config);
    }
  }

  /** Sends the translation while the model generates it. */
  @POST
  @Produces(MediaType.TEXT_PLAIN)
  public Multi<String> stream(Task task) {
    return Multi.createFrom().publisher(polyLm.publisher(task.request(config)));
  }

  /** Sends the translation as JSON: the model can't write anything else. */
  @POST
  @Blocking
  @Produces(MediaType.APPLICATION_JSON)
  public String translate(Task task) {
    return polyLm.generate(task.request(config).withConstraint(ANSWER)).text();
  }
}
