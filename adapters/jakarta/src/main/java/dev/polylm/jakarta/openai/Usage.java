package dev.polylm.jakarta.openai;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * The cost of a request in ids.
 *
 * @param completionTokens the ids of all answers that were made, including those that best_of left
 *     out
 */
record Usage(int promptTokens, int completionTokens) {

  ObjectNode toJson() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("prompt_tokens", promptTokens)
        .put("completion_tokens", completionTokens)
        .put("total_tokens", promptTokens + completionTokens);
  }
}
