package dev.polylm.jakarta.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.Set;

/**
 * Rewrites a request of the Responses API as one for a chat completion, which says the same in
 * other words. Nothing is kept between requests, so a request that builds on an earlier one is
 * refused.
 */
final class ResponseRequest {
  private static final int MAX_ITEMS = 10_000;
  private static final Set<String> NEED_STORE =
      Set.of("previous_response_id", "conversation", "prompt");
  private static final Set<String> TEXT_PARTS = Set.of("input_text", "output_text", "text");

  /** The fields that chat completions have under another name or not at all. */
  private static final Set<String> READ_HERE =
      Set.of("input", "instructions", "max_output_tokens", "text", "store", "reasoning", "include");

  private ResponseRequest() {}

  /**
   * Returns the request for a chat completion.
   *
   * @throws ApiException if the request is wrong, or asks for what is kept or made by other means
   */
  static ObjectNode asChat(ObjectNode body) {
    Fields request = new Fields(body);
    check(request);
    ObjectNode chat = body.deepCopy();
    chat.remove(READ_HERE);
    ArrayNode messages = chat.putArray("messages");
    request
        .text("instructions")
        .ifPresent(text -> messages.addObject().put("role", "system").put("content", text));
    addInput(request, messages);
    request
        .integerFrom("max_output_tokens", 1)
        .ifPresent(most -> chat.put("max_completion_tokens", most));
    return chat;
  }

  private static void check(Fields request) {
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
    Optional<JsonNode> format = request.node("text").map(text -> text.path("format").path("type"));
    if (format.isPresent()
        && !format.get().isMissingNode()
        && !format.get().asText().equals("text")) {
      throw ApiException.badRequest(
          "text.format",
          "text.format is of type %s; PolyLM can't do that: leave it out."
              .formatted(Json.show(format.get())));
    }
  }

  private static void addInput(Fields request, ArrayNode messages) {
    JsonNode input =
        request
            .node("input")
            .orElseThrow(
                () ->
                    ApiException.badRequest(
                        "input", "input is missing, must be a string or a list of messages."));
    if (input.isTextual()) {
      messages.addObject().put("role", "user").set("content", input);
      return;
    }
    int place = 0;
    for (JsonNode item : Fields.list("input", input, MAX_ITEMS)) {
      messages.add(message(item, "input[%s]".formatted(place++)));
    }
  }

  private static ObjectNode message(JsonNode item, String where) {
    String type = item.path("type").asText("message");
    if (!item.isObject() || !type.equals("message")) {
      throw ApiException.badRequest(
          where,
          "%s is %s, must be a message; the model reads texts of roles only."
              .formatted(where, item.isObject() ? "of type " + type : Json.show(item)));
    }
    ObjectNode message = ((ObjectNode) item).objectNode();
    message.set("role", item.path("role"));
    JsonNode content = item.path("content");
    if (content.isArray()) {
      StringBuilder text = new StringBuilder();
      content.forEach(part -> text.append(text(part, where)));
      return message.put("content", text.toString());
    }
    message.set("content", content);
    return message;
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
