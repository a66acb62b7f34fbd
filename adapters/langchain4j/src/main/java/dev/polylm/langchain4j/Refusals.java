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

/** What PolyLM can't do, as the exceptions that LangChain4j has for it. */
final class Refusals {
  private Refusals() {}

  /** That a feature, named as its user knows it, is not there. */
  static UnsupportedFeatureException unsupported(String feature) {
    return new UnsupportedFeatureException(feature + " is not supported by PolyLM");
  }

  /**
   * Checks that nothing is asked for that PolyLM can't do.
   *
   * @throws UnsupportedFeatureException naming what is
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
   * @throws RateLimitException if too many requests wait already; it may be asked again
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
