package dev.polylm.langchain4j;

import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.polylm.PolyLmException;
import dev.polylm.QueueFullException;
import dev.polylm.constraint.UnfinishedAnswerException;
import java.util.List;
import java.util.function.Supplier;

/** Refuses what PolyLM can't do, with LangChain4j's exceptions. */
final class Refusals {
  private Refusals() {}

  /** Returns the exception for a missing feature, which it names as a user knows it. */
  static UnsupportedFeatureException unsupported(String feature) {
    return new UnsupportedFeatureException(feature + " is not supported by PolyLM");
  }

  /**
   * Checks that a request which needs a tool has one.
   *
   * @throws InvalidRequestException if it has none
   */
  static void checkTools(ChatRequestParameters parameters) {
    List<?> tools = parameters.toolSpecifications();
    if (parameters.toolChoice() == ToolChoice.REQUIRED && (tools == null || tools.isEmpty())) {
      throw new InvalidRequestException(
          "ToolChoice.REQUIRED needs at least one tool specification, found none");
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
    } catch (UnfinishedAnswerException e) {
      throw e; // the request was right, but the model was closed
    } catch (PolyLmException e) {
      throw new InvalidRequestException(e.getMessage(), e);
    }
  }
}
