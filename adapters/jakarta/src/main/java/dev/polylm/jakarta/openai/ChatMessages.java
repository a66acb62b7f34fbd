package dev.polylm.jakarta.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polylm.prompt.ChatMessage;
import java.util.ArrayList;
import java.util.List;

/** Reads the messages of a conversation. */
final class ChatMessages {
  private static final int MAX_MESSAGES = 10_000;
  private static final List<String> NOT_TEXT =
      List.of("tool_calls", "function_call", "tool_call_id", "audio");

  private ChatMessages() {}

  static List<ChatMessage> read(Fields request) {
    JsonNode messages =
        request
            .node("messages")
            .orElseThrow(
                () -> ApiException.badRequest("messages", "messages is missing, must be a list."));
    List<ChatMessage> read = new ArrayList<>();
    for (JsonNode message : Fields.list("messages", messages, MAX_MESSAGES)) {
      read.add(message(message, "messages[%s]".formatted(read.size())));
    }
    return read;
  }

  private static ChatMessage message(JsonNode node, String where) {
    if (!(node instanceof ObjectNode object)) {
      throw Fields.wrong(where, node, "an object");
    }
    Fields fields = new Fields(object);
    String role = fields.text("role").orElse("");
    for (String name : NOT_TEXT) {
      if (fields.node(name).filter(value -> !value.isEmpty() || value.isValueNode()).isPresent()) {
        throw ApiException.badRequest(
            where, "%s has %s; the model reads only texts with roles.".formatted(where, name));
      }
    }
    boolean silent = role.equals("assistant") && !fields.has("content");
    String text = silent ? "" : content(fields, where);
    return switch (role) {
      case "system", "developer" -> ChatMessage.system(text);
      case "user" -> ChatMessage.user(text);
      case "assistant" -> ChatMessage.assistant(text);
      default ->
          throw ApiException.badRequest(
              where,
              "%s has the role \"%s\", must be system, developer, user or assistant."
                  .formatted(where, role));
    };
  }

  /** Returns the content: a text, or the texts of its parts. */
  private static String content(Fields message, String where) {
    String name = where + ".content";
    JsonNode content =
        message
            .node("content")
            .orElseThrow(
                () -> ApiException.badRequest(where, name + " is missing, must be a string."));
    if (content.isTextual()) {
      return content.textValue();
    }
    StringBuilder text = new StringBuilder();
    for (JsonNode part : Fields.list(name, content, MAX_MESSAGES)) {
      if (!part.path("type").asText().equals("text") || !part.path("text").isTextual()) {
        throw ApiException.badRequest(
            where,
            "%s has a part of type %s; the model reads only texts."
                .formatted(name, Json.show(part.path("type"))));
      }
      text.append(part.path("text").textValue());
    }
    return text.toString();
  }
}
