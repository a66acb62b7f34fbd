package dev.polylm.jakarta.openai;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * The cost of a request in ids.
 *
 * @param cachedTokens the ids of the prompts whose keys and values the model had already
 * @param completionTokens the ids of all answers that were made, including those that best_of left
 *     out
 */
record Usage(int promptTokens, int cachedTokens, int completionTokens) {

  ObjectNode toJson() {
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("prompt_tokens", promptTokens)
            .put("completion_tokens", completionTokens)
            .put("total_tokens", promptTokens + completionTokens);
    json.putObject("prompt_tokens_details").put("cached_tokens", cachedTokens);
    return json;
  }

  /** Returns it under the names that the Responses API has. */
  ObjectNode toResponseJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("input_tokens", promptTokens);
    json.putObject("input_tokens_details")
        .put("cached_tokens", cachedTokens)
        .put("cache_write_tokens", 0);
    json.put("output_tokens", completionTokens);
    json.putObject("output_tokens_details").put("reasoning_tokens", 0);
    return json.put("total_tokens", promptTokens + completionTokens);
  }

  /** Returns the cost of work that generates nothing. */
  static ObjectNode ofPrompts(int tokens) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("prompt_tokens", tokens)
        .put("total_tokens", tokens);
  }
}
