package dev.polylm.langchain4j;

import dev.polylm.Adapter;
import dev.polylm.PolyLmException;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.generation.GenerationRequest;
import dev.polylm.internal.chat.ReplySettings;

/** Turns a request's parameters into the SDK's settings. */
final class GenerationSettings {
  private GenerationSettings() {}

  /** Returns the request with the parameters' settings. */
  static GenerationRequest on(GenerationRequest request, PolyLmChatRequestParameters parameters) {
    Integer priority = parameters.priority();
    Adapter adapter = parameters.adapter();
    GenerationRequest prepared =
        request.withConfig(of(parameters)).withPriority(priority == null ? 0 : priority);
    return adapter == null ? prepared : prepared.withAdapter(adapter);
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
    GenerationConfig config = ReplySettings.of(parameters.settings());
    GenerationConfig others = parameters.generationConfig();
    return others == null ? config : config.orElse(others);
  }
}
