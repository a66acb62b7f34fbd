package dev.polylm.jakarta.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polylm.internal.tool.Tool;
import dev.polylm.internal.tool.ToolCall;
import java.util.Map;

/** Tools in the form of the Responses API, which is flatter than that of chat completions. */
final class ResponseTools {
  private static final String FUNCTION = "function";
  private static final String TOOLS = "tools";
  private static final String CHOICE = "tool_choice";
  private static final String CALLS = "tool_calls";
  private static final String ALLOWED = "allowed_tools";

  private ResponseTools() {}

  /**
   * Rewrites the tools of a request, and the choice of one, as those of a chat completion.
   *
   * @param sentAs gets the paths that are other ones now
   */
  static void rewrite(ObjectNode request, Map<String, String> sentAs) {
    if (request.has(TOOLS)) {
      request.set(TOOLS, nested(request.path(TOOLS), TOOLS, sentAs));
    }
    if (!(request.path(CHOICE) instanceof ObjectNode choice)) {
      return;
    }
    switch (choice.path("type").asText()) {
      case FUNCTION -> request.set(CHOICE, nested(choice, CHOICE, sentAs));
      case ALLOWED -> {
        ObjectNode allowed = request.objectNode();
        allowed.set("mode", choice.path("mode"));
        allowed.set(TOOLS, nested(choice.path(TOOLS), CHOICE + "." + TOOLS, sentAs));
        request.putObject(CHOICE).put("type", ALLOWED).set(ALLOWED, allowed);
        sentAs.put(CHOICE + "." + ALLOWED, CHOICE);
      }
      default ->
          throw ApiException.badRequest(
              CHOICE,
              "tool_choice is of type \"%s\", must be function or allowed_tools."
                  .formatted(choice.path("type").asText()));
    }
  }

  /** Puts functions into objects of their own; anything else stays as it is. */
  private static JsonNode nested(JsonNode node, String where, Map<String, String> sentAs) {
    if (node instanceof ArrayNode list) {
      ArrayNode all = JsonNodeFactory.instance.arrayNode();
      list.forEach(tool -> all.add(nested(tool, "%s[%s]".formatted(where, all.size()), sentAs)));
      return all;
    }
    if (!node.path("type").asText().equals(FUNCTION)) {
      return node;
    }
    sentAs.put(where + "." + FUNCTION, where);
    ObjectNode nested = JsonNodeFactory.instance.objectNode().put("type", FUNCTION);
    return nested.set(FUNCTION, node);
  }

  /**
   * Adds a call or its result to the messages of a chat completion. Calls that follow each other
   * are one message.
   *
   * @param sentAs gets the paths that are other ones in the messages
   * @return false if the item is neither
   */
  static boolean addItem(
      Fields item, String where, ArrayNode messages, Map<String, String> sentAs) {
    switch (item.node("type").map(JsonNode::asText).orElse("")) {
      case "function_call" -> {
        addCall(call(item), where, messages, sentAs);
        sentAs.put(where + ".id", where + ".call_id");
        sentAs.put(where + "." + FUNCTION, where);
      }
      case "function_call_output" -> {
        sentAs.put("messages[%s]".formatted(messages.size()), where);
        sentAs.put(where + ".tool_call_id", where + ".call_id");
        sentAs.put(where + ".content", where + ".output");
        ObjectNode message = messages.addObject().put("role", "tool");
        item.node("call_id").ifPresent(id -> message.set("tool_call_id", id));
        item.node("output")
            .ifPresent(output -> message.set("content", ResponseRequest.content(output, where)));
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private static void addCall(
      ObjectNode call, String where, ArrayNode messages, Map<String, String> sentAs) {
    if (!messages.path(messages.size() - 1).has(CALLS)) {
      sentAs.put("messages[%s]".formatted(messages.size()), where);
      messages.addObject().put("role", "assistant").putArray(CALLS);
    }
    int last = messages.size() - 1;
    ArrayNode calls = (ArrayNode) messages.get(last).get(CALLS);
    String first = sentAs.get("messages[%s]".formatted(last));
    sentAs.put("%s.%s[%s]".formatted(first, CALLS, calls.size()), where);
    calls.add(call);
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
