package dev.polylm.jakarta.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polylm.internal.tool.Tool;
import dev.polylm.internal.tool.ToolCall;

/** Tools in the form of the Responses API, which is flatter than that of chat completions. */
final class ResponseTools {
  private static final String FUNCTION = "function";
  private static final String TOOLS = "tools";
  private static final String ALLOWED = "allowed_tools";

  private ResponseTools() {}

  /** Rewrites the tools of a request, and the choice of one, as those of a chat completion. */
  static void rewrite(ObjectNode request) {
    if (request.path(TOOLS) instanceof ArrayNode tools) {
      request.set(TOOLS, nested(tools));
    }
    if (!(request.path("tool_choice") instanceof ObjectNode choice)) {
      return;
    }
    if (choice.path("type").asText().equals(ALLOWED)) {
      ObjectNode allowed = request.objectNode();
      allowed.set("mode", choice.path("mode"));
      allowed.set(TOOLS, choice.path(TOOLS) instanceof ArrayNode some ? nested(some) : null);
      request.putObject("tool_choice").put("type", ALLOWED).set(ALLOWED, allowed);
    } else {
      request.set("tool_choice", nested(choice));
    }
  }

  private static ArrayNode nested(ArrayNode tools) {
    ArrayNode all = JsonNodeFactory.instance.arrayNode();
    tools.forEach(tool -> all.add(nested(tool)));
    return all;
  }

  private static JsonNode nested(JsonNode tool) {
    if (!tool.path("type").asText().equals(FUNCTION)) {
      return tool;
    }
    ObjectNode nested = JsonNodeFactory.instance.objectNode().put("type", FUNCTION);
    return nested.set(FUNCTION, tool);
  }

  /**
   * Adds a call or its result to the messages of a chat completion. Calls that follow each other
   * are one message.
   *
   * @return false if the item is neither
   */
  static boolean addItem(JsonNode item, String where, ArrayNode messages) {
    switch (item.path("type").asText()) {
      case "function_call" -> calls(messages).add(call(Fields.of(item, where)));
      case "function_call_output" -> {
        ObjectNode message = messages.addObject().put("role", "tool");
        message.set("tool_call_id", item.path("call_id"));
        message.set("content", ResponseRequest.content(item.path("output"), where));
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private static ArrayNode calls(ArrayNode messages) {
    JsonNode last = messages.path(messages.size() - 1).path("tool_calls");
    return last instanceof ArrayNode calls
        ? calls
        : messages.addObject().put("role", "assistant").putArray("tool_calls");
  }

  private static ObjectNode call(Fields item) {
    ObjectNode call = JsonNodeFactory.instance.objectNode();
    item.text("call_id").ifPresent(id -> call.put("id", id));
    ObjectNode function = call.putObject(FUNCTION);
    item.text("name").ifPresent(name -> function.put("name", name));
    item.text("arguments").ifPresent(arguments -> function.put("arguments", arguments));
    return call;
  }

  /** Writes a call as an item of the output. */
  static ObjectNode json(ToolCall call, String status) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("id", itemId(call))
        .put("type", "function_call")
        .put("status", status)
        .put("call_id", call.id())
        .put("name", call.name())
        .put("arguments", call.arguments());
  }

  static String itemId(ToolCall call) {
    return "fc_" + call.id().substring(call.id().indexOf('_') + 1);
  }

  static ObjectNode json(Tool tool) {
    ObjectNode json =
        JsonNodeFactory.instance.objectNode().put("type", FUNCTION).put("name", tool.name());
    json.put("description", tool.description());
    json.set("parameters", tool.parameters());
    return json.put("strict", true);
  }
}
