package dev.polylm.jakarta.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Rewrites a request of the Responses API as one for a chat completion, which says the same in
 * other words. Nothing is kept between requests, so a request that builds on an earlier one is
 * refused.
 */
final class ResponseRequest {
  private static final String INPUT = "a string or a list of messages";
  private static final int MAX_ITEMS = 10_000;
  private static final Set<String> NEED_STORE =
      Set.of("previous_response_id", "conversation", "prompt");
  private static final Set<String> TEXT_PARTS = Set.of("input_text", "output_text", "text");
  private static final List<String> ROLES = List.of("user", "assistant", "system", "developer");
  private static final String MAX_TOKENS = "max_tokens";

  /** The fields that chat completions have under another name or not at all. */
  private static final Set<String> READ_HERE =
      Set.of("input", "instructions", "max_output_tokens", "text", "store", "reasoning", "include");

  private final Fields request;
  private final ObjectNode chat;
  private final ArrayNode messages;
  private final Map<String, String> sentAs = new HashMap<>();

  private ResponseRequest(ObjectNode body) {
    request = new Fields(body);
    chat = body.deepCopy().remove(READ_HERE);
    messages = chat.putArray("messages");
    sentAs.put("messages", "input");
  }

  /**
   * Returns the request for a chat completion. Its paths are those of the Responses API, so that
   * errors name what the client has sent.
   *
   * @throws ApiException if the request is wrong, or asks for what is kept or made by other means
   */
  static Fields asChat(ObjectNode body) {
    ResponseRequest response = new ResponseRequest(body);
    response.check();
    response.addInstructions();
    response.addInput();
    response.addFormat();
    ResponseTools.rewrite(response.chat, response.sentAs);
    response.addLimit();
    return new Fields(response.chat, response.sentAs);
  }

  private void check() {
    for (String name : NEED_STORE) {
      if (request.has(name)) {
        throw ApiException.badRequest(
            name,
            "%s is set, but this server keeps no responses: send the whole conversation as input."
                .formatted(name));
      }
    }
    if (request.flag("background")) {
      throw ApiException.badRequest(
          "background", "background is true; PolyLM can't do that: leave it out.");
    }
  }

  private void addInstructions() {
    request
        .text("instructions")
        .ifPresent(text -> messages.addObject().put("role", "system").put("content", text));
  }

  private void addFormat() {
    request
        .object("text")
        .flatMap(text -> text.node("format"))
        .ifPresent(
            format -> {
              chat.set("response_format", format);
              sentAs.put("response_format", "text.format");
            });
  }

  private void addLimit() {
    request
        .integerFrom("max_output_tokens", 1)
        .ifPresent(most -> chat.put("max_completion_tokens", most));
    sentAs.put("max_completion_tokens", "max_output_tokens");
    if (!request.has(MAX_TOKENS)) {
      sentAs.put(MAX_TOKENS, "max_output_tokens");
    }
  }

  private void addInput() {
    JsonNode input =
        request
            .node("input")
            .orElseThrow(
                () ->
                    ApiException.badRequest(
                        "input", "input is missing, must be %s.".formatted(INPUT)));
    if (input.isTextual()) {
      messages.addObject().put("role", "user").set("content", input);
      return;
    }
    int place = 0;
    for (JsonNode item : Fields.list("input", input, MAX_ITEMS, INPUT)) {
      String where = "input[%s]".formatted(place++);
      if (!ResponseTools.addItem(request.item(item, where), where, messages, sentAs)) {
        sentAs.put("messages[%s]".formatted(messages.size()), where);
        messages.add(message(item, where));
      }
    }
  }

  private static ObjectNode message(JsonNode item, String where) {
    String type = item.path("type").asText("message");
    if (!type.equals("message")) {
      throw ApiException.badRequest(
          where,
          "%s is of type %s, must be a message, a function_call or a function_call_output."
              .formatted(where, type));
    }
    String role = item.path("role").asText();
    if (!ROLES.contains(role)) {
      throw ApiException.badRequest(
          where,
          "%s has the role \"%s\", must be %s.".formatted(where, role, String.join(", ", ROLES)));
    }
    ObjectNode message = JsonNodeFactory.instance.objectNode().put("role", role);
    return message.set("content", content(item.path("content"), where));
  }

  /** Returns the texts of parts as one text, and anything else as it is. */
  static JsonNode content(JsonNode content, String where) {
    if (!content.isArray()) {
      return content;
    }
    StringBuilder text = new StringBuilder();
    content.forEach(part -> text.append(text(part, where)));
    return JsonNodeFactory.instance.textNode(text.toString());
  }

  private static String text(JsonNode part, String where) {
    if (!TEXT_PARTS.contains(part.path("type").asText()) || !part.path("text").isTextual()) {
      throw ApiException.badRequest(
          where,
          "%s has a part of type %s; the model reads texts only."
              .formatted(where, Json.show(part.path("type"))));
    }
    return part.path("text").textValue();
  }
}
