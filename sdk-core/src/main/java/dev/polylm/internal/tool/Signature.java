package dev.polylm.internal.tool;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** The parameters of a tool in few words, in the manner of TypeScript. */
final class Signature {
  private static final int MAX_DEPTH = 4;

  private Signature() {}

  /** Returns the members of a schema's objects, such as {@code city: string, days?: integer}. */
  static String members(JsonNode schema) {
    return members(schema, 0);
  }

  private static String members(JsonNode schema, int depth) {
    Set<String> required = new HashSet<>();
    schema.path("required").forEach(name -> required.add(name.asText()));
    List<String> members = new ArrayList<>();
    schema
        .path("properties")
        .properties()
        .forEach(
            member ->
                members.add(
                    member.getKey()
                        + (required.contains(member.getKey()) ? ": " : "?: ")
                        + type(member.getValue(), depth)));
    return String.join(", ", members);
  }

  /** Returns the values of a schema, such as {@code {city: string}}. */
  static String type(JsonNode schema) {
    return type(schema, 0);
  }

  private static String type(JsonNode schema, int depth) {
    if (schema.has("const")) {
      return schema.get("const").toString();
    }
    if (schema.has("enum")) {
      return joined(schema.get("enum"));
    }
    if (schema.path("anyOf").isArray()) {
      return StreamSupport.stream(schema.get("anyOf").spliterator(), false)
          .map(option -> type(option, depth))
          .collect(Collectors.joining(" | "));
    }
    String type = schema.path("type").isTextual() ? schema.get("type").textValue() : "any";
    if (type.equals("array") && depth < MAX_DEPTH) {
      return type(schema.path("items"), depth + 1) + "[]";
    }
    return type.equals("object") && schema.has("properties") && depth < MAX_DEPTH
        ? "{" + members(schema, depth + 1) + "}"
        : type;
  }

  private static String joined(JsonNode values) {
    return StreamSupport.stream(values.spliterator(), false)
        .map(JsonNode::toString)
        .collect(Collectors.joining(" | "));
  }

  /** Returns arguments that show the form, such as {@code {"city":"..."}}. */
  static JsonNode example(JsonNode schema) {
    ObjectNode example = JsonNodeFactory.instance.objectNode();
    schema
        .path("properties")
        .properties()
        .forEach(member -> example.set(member.getKey(), value(member.getValue())));
    return example;
  }

  private static JsonNode value(JsonNode schema) {
    JsonNodeFactory json = JsonNodeFactory.instance;
    if (schema.has("const")) {
      return schema.get("const");
    }
    if (schema.path("enum").has(0)) {
      return schema.get("enum").get(0);
    }
    return switch (schema.path("type").asText()) {
      case "integer", "number" -> json.numberNode(1);
      case "boolean" -> json.booleanNode(true);
      case "array" -> json.arrayNode().add(value(schema.path("items")));
      case "object" -> example(schema);
      default -> json.textNode("...");
    };
  }
}
