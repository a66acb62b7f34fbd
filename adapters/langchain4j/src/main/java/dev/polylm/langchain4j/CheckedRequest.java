package dev.polylm.langchain4j;

import dev.langchain4j.exception.InvalidRequestException;
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
 * @param form of the answer
 * @param messages of the request, in order
 */
record CheckedRequest(
    PolyLmChatRequestParameters parameters, AnswerForm form, List<ChatMessage> messages) {

  /**
   * Reads a request.
   *
   * @throws UnsupportedFeatureException if it asks for more than PolyLM can do
   * @throws InvalidRequestException if the form of its answer can't be enforced
   */
  static CheckedRequest of(ChatRequest request) {
    Refusals.checkTools(request.parameters());
    AnswerForm form = AnswerForm.of(request.parameters());
    return new CheckedRequest(
        PolyLmChatRequestParameters.of(request.parameters()),
        form,
        ChatPrompts.messages(request.messages(), form.tools()));
  }

  /** Returns the name of the model that answers, or null if the request names none. */
  @Nullable String modelName() {
    return parameters.modelName();
  }

  /**
   * Returns the request for that model. A reply that may be any text ends where the model begins to
   * write a role marker. A constraint ends its reply itself.
   */
  GenerationRequest request(PolyLm polyLm) {
    Prompt prompt = ReplyPrompts.of(polyLm.promptForm(), messages);
    GenerationRequest request =
        GenerationSettings.on(GenerationRequest.ofPrompt(prompt), parameters);
    if (form.constraint() != null) {
      return request.withConstraint(form.constraint());
    }
    return request.withConfig(
        RoleMarkers.asStops(request.config(), polyLm.generationDefaults(), prompt));
  }
}
