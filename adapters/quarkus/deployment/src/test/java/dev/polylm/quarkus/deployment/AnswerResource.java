package dev.polylm.quarkus.deployment;

import dev.polylm.PolyLm;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;

/** What the application of {@link DevModeTest} serves. */
@Path("/answer")
public class AnswerResource {
  @Inject PolyLm polyLm;

  /** Returns what the test changes, and the model's answer. */
  @GET
  public String answer() {
    String version = "first";
    return version + polyLm.generate(TestModel.CARD);
  }
}
