package dev.polylm.langchain4j;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.polylm.PolyLmException;
import dev.polylm.QueueFullException;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Refuses what PolyLM can't do, with LangChain4j's exceptions. */
final class Refusals {
  private Refusals() {}

  /** Returns the exception for a missing feature, which it names as a user knows it. */
  static UnsupportedFeatureException unsupported(String feature) {
    return new UnsupportedFeatureException(feature + " is not supported by PolyLM");
  }

  /**
   * Checks that a request asks for nothing that PolyLM can't do.
   *
   * @throws UnsupportedFeatureException naming what it asks for
   */
  static void check(ChatRequestParameters parameters) {
    ToolChoice toolChoice = parameters.toolChoice();
    if (toolChoice != null && toolChoice != ToolChoice.AUTO) {
      throw unsupported("ToolChoice." + toolChoice);
    }
    List<ToolSpecification> tools = parameters.toolSpecifications();
    if (tools != null && !tools.isEmpty()) {
      throw unsupported(
          tools.stream()
              .map(ToolSpecification::name)
              .collect(Collectors.joining(", ", "use of tools (", ")")));
    }
    ResponseFormat format = parameters.responseFormat();
    if (format != null && format.type() == ResponseFormatType.JSON) {
      throw unsupported("JSON response format");
    }
  }

  /**
   * Asks an open model.
   *
   * @throws RateLimitException if too many requests wait already; the same request may succeed
   *     later
   * @throws InvalidRequestException if the model refuses for another reason
   */
  static <T> T translating(Supplier<T> question) {
    try {
      return question.get();
    } catch (QueueFullException e) {
      throw new RateLimitException(e.getMessage(), e);
    } catch (PolyLmException e) {
      throw new InvalidRequestException(e.getMessage(), e);
    }
  }
}
