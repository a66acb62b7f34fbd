package dev.polylm.internal.chat;

import dev.polylm.generation.GenerationConfig;
import dev.polylm.prompt.Prompt;
import java.util.ArrayList;
import java.util.List;

/** Ends a reply if the model begins to write a role marker of its form. */
public final class RoleMarkers {
  private RoleMarkers() {}

  /**
   * Returns the settings with the prompt's role markers among the stop strings.
   *
   * @param config a request's settings
   * @param defaults the model's settings, whose stop strings still apply
   * @param prompt the prompt that the model replies to
   */
  public static GenerationConfig asStops(
      GenerationConfig config, GenerationConfig defaults, Prompt prompt) {
    if (prompt.markers().isEmpty()) {
      return config;
    }
    List<String> stops = new ArrayList<>(config.over(defaults).stopStrings());
    stops.addAll(prompt.markers());
    return config.toBuilder().stopStrings(stops).build();
  }
}
