package dev.polylm.langchain4j;

import dev.polylm.PolyLmException;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.generation.GenerationConfigBuilder;
import dev.polylm.generation.GenerationRequest;
import java.util.Collections;
import java.util.Map;
import java.util.Set;

/** Turns a request's parameters into the SDK's settings. */
final class GenerationSettings {
  /** Each of these draws tokens unless the temperature is 0. */
  private static final Set<String> DRAWS =
      Set.of("temperature", "top_p", "top_k", "min_p", "typical_p");

  private GenerationSettings() {}

  /** Returns the request with the parameters' settings. */
  static GenerationRequest on(GenerationRequest request, PolyLmChatRequestParameters parameters) {
    Integer priority = parameters.priority();
    return request.withConfig(of(parameters)).withPriority(priority == null ? 0 : priority);
  }

  /**
   * Checks parameters as far as possible without a model and the request.
   *
   * @throws PolyLmException if one is out of range, or they contradict each other
   */
  static void check(PolyLmChatRequestParameters parameters) {
    GenerationConfig unused = of(parameters);
  }

  /** Returns the settings. A setting of the SDK's own holds if no parameter says otherwise. */
  static GenerationConfig of(PolyLmChatRequestParameters parameters) {
    GenerationConfig config = ofParameters(parameters);
    GenerationConfig others = parameters.generationConfig();
    return others == null ? config : config.orElse(others);
  }

  private static GenerationConfig ofParameters(PolyLmChatRequestParameters parameters) {
    Map<String, Object> settings = parameters.settings();
    Double temperature = parameters.temperature();
    if (temperature != null && temperature == 0) {
      settings.keySet().removeAll(DRAWS); // the limit: always take the most likely token
      settings.put("do_sample", false);
    } else if (!Collections.disjoint(settings.keySet(), DRAWS)) {
      settings.put("do_sample", true);
    }
    GenerationConfigBuilder builder = GenerationConfig.builder().numReturnSequences(1);
    settings.forEach(builder::set);
    return builder.build();
  }
}
