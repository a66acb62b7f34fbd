package dev.polylm.internal.chat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.polylm.constraint.UnfinishedAnswerException;
import dev.polylm.generation.GenerationResult;

/**
 * Refuses JSON that was cut, where a caller would go on to parse it.
 *
 * @param maxTokens what the caller's library calls the limit of tokens
 * @param maxTime what it calls the limit of time
 */
public record WholeJson(String maxTokens, String maxTime) {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  /**
   * Checks that an answer is whole.
   *
   * @param text the answer without calls of tools
   * @throws UnfinishedAnswerException if it was cut; the message says what to set
   */
  public void check(String text, GenerationResult result) {
    if (isJson(text)) {
      return;
    }
    String end =
        switch (result.sequences().get(0).finishReason()) {
          case LENGTH ->
              "the limit: set a higher %s, or a schema with a maxLength".formatted(maxTokens);
          case TIME -> "%s: set it higher".formatted(maxTime);
          case STOP_STRING -> "a stop sequence: remove it";
          case STOP_TOKEN, CONSTRAINT, CANCELLED -> "an interrupt";
        };
    throw new UnfinishedAnswerException(
        "the answer ended after %s tokens before its JSON was complete, at %s"
            .formatted(result.newTokens(), end),
        text);
  }

  private static boolean isJson(String text) {
    try {
      return !JSON.readTree(text).isMissingNode();
    } catch (JsonProcessingException e) {
      return false;
    }
  }
}
