package dev.polylm.jakarta.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polylm.PolyLmException;
import dev.polylm.internal.tool.Tool;
import dev.polylm.internal.tool.ToolUse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the tools of a request, and how the model may use them. */
final class ToolFields {
  private static final int MAX_TOOLS = 128;
  private static final String CHOICE = "tool_choice";

  private final Fields request;
  private final @Nullable JsonNode response;

  private ToolFields(Fields request, @Nullable JsonNode response) {
    this.request = request;
    this.response = response;
  }

  /**
   * Reads the tools.
   *
   * @param response the JSON Schema of an answer without a call, or null if that is any text
   * @return nothing if the model may call no tool
   * @throws ApiException if a field is wrong
   */
  static Optional<ToolUse> read(Fields request, @Nullable JsonNode response) {
    return new ToolFields(request, response).read();
  }

  private Optional<ToolUse> read() {
    List<Tool> tools = tools();
    boolean parallel = !request.has("parallel_tool_calls") || request.flag("parallel_tool_calls");
    JsonNode choice = request.node(CHOICE).orElse(JsonNodeFactory.instance.textNode("auto"));
    if (choice instanceof ObjectNode object) {
      return Optional.of(chosen(tools, request.item(object, CHOICE), parallel));
    }
    boolean required = isRequired(choice, CHOICE, "none, auto, required or an object");
    if (required && tools.isEmpty()) {
      throw ApiException.badRequest(CHOICE, "tool_choice is \"required\", which needs tools.");
    }
    return tools.isEmpty() || choice.asText().equals("none")
        ? Optional.empty()
        : Optional.of(use(tools, required, parallel));
  }

  private static boolean isRequired(JsonNode mode, String name, String expected) {
    return switch (mode.asText()) {
      case "none", "auto" -> false;
      case "required" -> true;
      default -> throw Fields.wrong(name, mode, expected);
    };
  }

  /** Reads a choice that names tools. */
  private ToolUse chosen(List<Tool> tools, Fields choice, boolean parallel) {
    String type = choice.text("type").orElse("");
    if (type.equals("function")) {
      return use(List.of(named(tools, choice)), true, false);
    }
    Optional<Fields> allowed = choice.object("allowed_tools");
    if (!type.equals("allowed_tools") || allowed.isEmpty()) {
      throw ApiException.badRequest(
          CHOICE,
          "tool_choice is of type \"%s\", must be function or allowed_tools, with an object of that name."
              .formatted(type));
    }
    JsonNode mode = allowed.get().node("mode").orElse(JsonNodeFactory.instance.textNode("auto"));
    List<Tool> some = new ArrayList<>();
    String list = allowed.get().path("tools");
    JsonNode names = allowed.get().node("tools").orElseThrow(() -> missing(CHOICE, list, "a list"));
    for (JsonNode name : Fields.list(list, names, MAX_TOOLS)) {
      some.add(named(tools, request.item(name, "%s[%s]".formatted(list, some.size()))));
    }
    boolean required = isRequired(mode, allowed.get().path("mode"), "auto or required");
    return use(some, required, parallel);
  }

  private static Tool named(List<Tool> tools, Fields choice) {
    String name =
        choice
            .object("function")
            .flatMap(function -> function.text("name"))
            .orElseThrow(() -> missing(CHOICE, choice.path("function") + ".name", "a string"));
    return tools.stream()
        .filter(tool -> tool.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                ApiException.badRequest(
                    CHOICE,
                    "tool_choice names %s, which is not among tools."
                        .formatted(Json.show(JsonNodeFactory.instance.textNode(name)))));
  }

  private static ApiException missing(String field, String path, String expected) {
    return ApiException.badRequest(field, "%s is missing, must be %s.".formatted(path, expected));
  }

  private ToolUse use(List<Tool> tools, boolean required, boolean parallel) {
    try {
      return new ToolUse(tools, required, parallel, response);
    } catch (PolyLmException e) {
      throw ApiException.badRequest("tools", SettingsFields.sentence(e));
    }
  }

  private List<Tool> tools() {
    List<Tool> tools = new ArrayList<>();
    Optional<JsonNode> list =
        request.node("tools").filter(node -> !node.isArray() || !node.isEmpty());
    if (list.isPresent()) {
      for (JsonNode tool : Fields.list("tools", list.get(), MAX_TOOLS)) {
        tools.add(tool(tool, "tools[%s]".formatted(tools.size())));
      }
    }
    return tools;
  }

  private Tool tool(JsonNode node, String where) {
    Fields tool = request.item(node, where);
    String type = tool.text("type").orElse("");
    if (!type.equals("function")) {
      throw ApiException.badRequest(
          where, "%s is of type \"%s\", must be a function.".formatted(where, type));
    }
    Fields function =
        tool.object("function").orElseThrow(() -> missing(where, where + ".function", "an object"));
    try {
      return new Tool(
          function.text("name").orElse(""),
          function.text("description").orElse(null),
          parameters(function));
    } catch (PolyLmException e) {
      throw ApiException.badRequest(where, "%s: %s".formatted(where, SettingsFields.sentence(e)));
    }
  }

  /** Returns the schema of a function's arguments. These are always an object. */
  private static JsonNode parameters(Fields function) {
    ObjectNode schema = JsonNodeFactory.instance.objectNode().put("type", "object");
    if (!function.has("parameters")) {
      schema.putObject("properties");
      return schema;
    }
    JsonNode sent = function.node("parameters").orElseThrow();
    JsonNode type = sent.path("type");
    if (!(sent instanceof ObjectNode object)
        || (!type.isMissingNode() && !type.asText().equals("object"))) {
      throw Fields.wrong(function.path("parameters"), sent, "a JSON schema of type object");
    }
    return schema.setAll(object);
  }
}
