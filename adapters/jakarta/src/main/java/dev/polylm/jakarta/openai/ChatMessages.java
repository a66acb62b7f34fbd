package dev.polylm.jakarta.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polylm.internal.tool.ToolCall;
import dev.polylm.internal.tool.ToolUse;
import dev.polylm.prompt.ChatMessage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the messages of a conversation. */
final class ChatMessages {
  private static final int MAX_MESSAGES = 10_000;
  private static final String CONTENT = "a string or a list of parts";
  private static final List<String> NOT_READ = List.of("function_call", "audio");

  private final @Nullable ToolUse tools;
  private final List<ChatMessage> read = new ArrayList<>();
  private final Map<String, ToolCall> calls = new HashMap<>();

  private ChatMessages(@Nullable ToolUse tools) {
    this.tools = tools;
  }

  /**
   * Reads a request's messages.
   *
   * @param tools what the request offers, or null for nothing
   * @throws ApiException if a message is wrong
   */
  static List<ChatMessage> read(Fields request, @Nullable ToolUse tools) {
    JsonNode messages =
        request
            .node("messages")
            .orElseThrow(
                () -> ApiException.badRequest("messages", "messages is missing, must be a list."));
    ChatMessages reader = new ChatMessages(tools);
    int place = 0;
    for (JsonNode message : Fields.list(request.path("messages"), messages, MAX_MESSAGES)) {
      String where = request.path("messages[%s]".formatted(place++));
      reader.add(request.item(message, where), where);
    }
    return tools == null ? reader.read : tools.describe(reader.read);
  }

  private void add(Fields message, String where) {
    String role = message.text("role").orElse("");
    checkFields(message, role, where);
    switch (role) {
      case "system", "developer" -> read.add(ChatMessage.system(content(message, where)));
      case "user" -> read.add(ChatMessage.user(content(message, where)));
      case "assistant" -> addReply(message, where);
      case "tool" -> addResult(message, where);
      default ->
          throw ApiException.badRequest(
              where,
              "%s has the role \"%s\", must be system, developer, user, assistant or tool."
                  .formatted(where, role));
    }
  }

  private static void checkFields(Fields message, String role, String where) {
    List<String> wrong = new ArrayList<>(NOT_READ);
    if (!role.equals("assistant")) {
      wrong.add("tool_calls");
    }
    if (!role.equals("tool")) {
      wrong.add("tool_call_id");
    }
    for (String name : wrong) {
      if (message.node(name).filter(value -> !value.isEmpty() || value.isValueNode()).isPresent()) {
        throw ApiException.badRequest(
            where,
            "%s has %s, which a message of the role \"%s\" can't have here."
                .formatted(where, name, role));
      }
    }
  }

  /** Adds a reply, which may be a text, calls of tools, or both. */
  private void addReply(Fields message, String where) {
    String text = message.has("content") ? content(message, where) : "";
    Optional<JsonNode> made =
        message.node("tool_calls").filter(list -> !list.isArray() || !list.isEmpty());
    if (made.isEmpty() || !text.isEmpty()) {
      read.add(tools == null ? ChatMessage.assistant(text) : tools.response(text));
    }
    if (made.isPresent()) {
      List<ToolCall> list = new ArrayList<>();
      String name = message.path("tool_calls");
      for (JsonNode call : Fields.list(name, made.get(), MAX_MESSAGES)) {
        String place = message.path("tool_calls[%s]".formatted(list.size()));
        list.add(call(message.item(call, place)));
      }
      read.add(ToolUse.calls(list));
    }
  }

  private ToolCall call(Fields call) {
    Fields function =
        call.object("function").orElseThrow(() -> missing(call.path("function"), "an object"));
    ToolCall made =
        new ToolCall(
            required(call, "id"), required(function, "name"), required(function, "arguments"));
    calls.put(made.id(), made);
    return made;
  }

  private void addResult(Fields message, String where) {
    String id = required(message, "tool_call_id");
    ToolCall call = calls.get(id);
    if (call == null) {
      throw ApiException.badRequest(
          where, "%s answers a call that no message before it has made.".formatted(where));
    }
    read.add(ToolUse.result(call.name(), call.arguments(), content(message, where)));
  }

  private static String required(Fields fields, String name) {
    return fields.text(name).orElseThrow(() -> missing(fields.path(name), "a string"));
  }

  private static ApiException missing(String name, String expected) {
    return ApiException.badRequest(name, "%s is missing, must be %s.".formatted(name, expected));
  }

  /** Returns the content: a text, or the texts of its parts. */
  private static String content(Fields message, String where) {
    String name = message.path("content");
    JsonNode content =
        message
            .node("content")
            .orElseThrow(
                () ->
                    ApiException.badRequest(
                        where, "%s is missing, must be %s.".formatted(name, CONTENT)));
    if (content.isTextual()) {
      return content.textValue();
    }
    StringBuilder text = new StringBuilder();
    for (JsonNode part : Fields.list(name, content, MAX_MESSAGES, CONTENT)) {
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
