package dev.polylm.jakarta.openai;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What a request cost, in ids.
 *
 * @param completionTokens of all answers that were made, those that best_of left out included
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
