package dev.polylm.langchain4j;

import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.polylm.PolyLm;
import dev.polylm.generation.GenerationRequest;
import dev.polylm.internal.chat.ReplyPrompts;
import dev.polylm.internal.chat.RoleMarkers;
import dev.polylm.prompt.ChatMessage;
import dev.polylm.prompt.Prompt;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A chat request that PolyLM can answer.
 *
 * @param parameters of the request, with the model's defaults
 * @param messages of the request, in order
 */
record CheckedRequest(PolyLmChatRequestParameters parameters, List<ChatMessage> messages) {

  /**
   * Reads a request.
   *
   * @throws UnsupportedFeatureException if it asks for more than PolyLM can do
   */
  static CheckedRequest of(ChatRequest request) {
    Refusals.check(request.parameters());
    return new CheckedRequest(
        PolyLmChatRequestParameters.of(request.parameters()),
        ChatPrompts.messages(request.messages()));
  }

  /** Returns the name of the model that answers, or null if the request names none. */
  @Nullable String modelName() {
    return parameters.modelName();
  }

  /**
   * Returns the request for that model. The reply ends where the model begins to write a role
   * marker.
   */
  GenerationRequest request(PolyLm polyLm) {
    Prompt prompt = ReplyPrompts.of(polyLm.promptForm(), messages);
    GenerationRequest request =
        GenerationSettings.on(GenerationRequest.ofPrompt(prompt), parameters);
    return request.withConfig(
        RoleMarkers.asStops(request.config(), polyLm.generationDefaults(), prompt));
  }
}
