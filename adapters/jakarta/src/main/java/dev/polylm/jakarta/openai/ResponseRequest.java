package dev.polylm.jakarta.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
        .object("text")
        .flatMap(text -> text.node("format"))
        .ifPresent(format -> chat.set("response_format", format));
    ResponseTools.rewrite(chat);
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
      String where = "input[%s]".formatted(place++);
      if (!ResponseTools.addItem(item, where, messages)) {
        messages.add(message(item, where));
      }
    }
  }

  private static ObjectNode message(JsonNode item, String where) {
    String type = item.path("type").asText("message");
    if (!item.isObject() || !type.equals("message")) {
      throw ApiException.badRequest(
          where,
          "%s is %s, must be a message, a function_call or a function_call_output."
              .formatted(where, item.isObject() ? "of type " + type : Json.show(item)));
    }
    ObjectNode message = ((ObjectNode) item).objectNode();
    message.set("role", item.path("role"));
    message.set("content", content(item.path("content"), where));
    return message;
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
