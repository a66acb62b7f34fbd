package dev.polylm.jakartachat;

import dev.polylm.PolyLm;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.generation.GenerationRequest;
import dev.polylm.prompt.Language;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;

/** A service of the application, with an injected model. */
@Path("translations")
@RequestScoped
public class Translations {
  @Inject private PolyLm polyLm;
  @Inject private GenerationConfig defaults;

  /**
   * Translates a sentence from English.
   *
   * @param to the language's code
   */
  @GET
  @Produces("text/plain; charset=utf-8")
  public String translate(@QueryParam("text") String text, @QueryParam("to") String to) {
    return polyLm
        .generate(
            GenerationRequest.ofPrompt(
                    polyLm.promptForm().translation(text, Language.ENGLISH, Language.of(to)))
                .withConfig(defaults))
        .text()
        .strip();
  }
}
