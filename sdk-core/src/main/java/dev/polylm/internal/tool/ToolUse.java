package dev.polylm.internal.tool;

import static com.fasterxml.jackson.databind.node.JsonNodeFactory.instance;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polylm.PolyLmException;
import dev.polylm.constraint.Constraint;
import dev.polylm.prompt.ChatMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The tools that a request offers, and how the model may use them.
 *
 * @param tools at least one
 * @param required true if the model must call a tool
 * @param parallel true if the model may call several tools at once
 * @param response the JSON Schema of an answer without a call, or null if that is any text
 */
public record ToolUse(
    List<Tool> tools, boolean required, boolean parallel, @Nullable JsonNode response) {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  /**
   * Checks the tools.
   *
   * @throws PolyLmException if there are none, or two have one name
   */
  public ToolUse {
    tools = List.copyOf(tools);
    if (tools.isEmpty()) {
      throw new PolyLmException("expected at least one tool, found none");
    }
    if (tools.stream().map(Tool::name).distinct().count() < tools.size()) {
      throw new PolyLmException(
          "each tool needs its own name, found "
              + tools.stream().map(Tool::name).collect(Collectors.joining(", ")));
    }
  }

  /**
   * Returns the form of the answer.
   *
   * @throws PolyLmException if a schema can't be enforced
   */
  public Constraint constraint() {
    return ToolConstraint.of(this);
  }

  /**
   * Returns a conversation with a description of the tools.
   *
   * @param messages where an assistant's texts are written by {@link #calls} and {@link #response}
   */
  public List<ChatMessage> describe(List<ChatMessage> messages) {
    List<ChatMessage> described = new ArrayList<>(messages);
    described.add(ChatMessage.system(instructions())); // the system's messages come first
    return described;
  }

  private String instructions() {
    String signatures = tools.stream().map(Tool::line).collect(Collectors.joining("\n"));
    Tool first = tools.get(0);
    JsonNode arguments = Signature.example(first.parameters());
    String call = callsOf(List.of(call(first.name(), arguments))).toString();
    String otherwise = " Otherwise answer {\"response\":%s}.".formatted(responseType());
    return "You can call these functions:\n%s\nTo call, answer %s.%s"
        .formatted(signatures, call, required ? "" : otherwise);
  }

  private String responseType() {
    return response == null ? "\"...\"" : Signature.type(response);
  }

  private static ObjectNode call(String name, JsonNode arguments) {
    ObjectNode call = instance.objectNode();
    call.put("name", name);
    call.set("arguments", arguments);
    return call;
  }

  private static ObjectNode callsOf(List<ObjectNode> calls) {
    ArrayNode array = instance.arrayNode();
    array.addAll(calls);
    ObjectNode answer = instance.objectNode();
    answer.set("tool_calls", array);
    return answer;
  }

  /** Returns an earlier answer that called tools, as the model wrote it. */
  public static ChatMessage calls(List<ToolCall> calls) {
    return ChatMessage.assistant(
        callsOf(calls.stream().map(call -> call(call.name(), json(call.arguments()))).toList())
            .toString());
  }

  /** Returns an earlier answer without a call, as the model wrote it. */
  public ChatMessage response(String text) {
    ObjectNode answer = instance.objectNode();
    answer.set("response", response == null ? instance.textNode(text) : json(text));
    return ChatMessage.assistant(answer.toString());
  }

  /**
   * Returns what a call returned, as the model reads it.
   *
   * @param arguments of the call in JSON, or null if they are not known
   */
  public static ChatMessage result(String name, @Nullable String arguments, String result) {
    String call = arguments == null ? name : "%s(%s)".formatted(name, json(arguments));
    return ChatMessage.user("%s returned: %s".formatted(call, result));
  }

  /** Returns the value without white space; a text that isn't JSON becomes a string. */
  private static JsonNode json(String text) {
    try {
      JsonNode value = JSON.readTree(text);
      return value == null || value.isMissingNode() ? instance.textNode(text) : value;
    } catch (JsonProcessingException e) {
      return instance.textNode(text);
    }
  }
}
