package dev.polylm.internal.tool;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;

/**
 * A schema whose objects have the members that it names, and no others. JSON Schema allows others
 * unless a schema forbids them. A model that isn't trained for tools would invent them.
 */
public final class ClosedSchema {
  /** Keywords that combine schemas, so that an object's members may be named in another place. */
  private static final Set<String> COMBINING =
      Set.of(
          "allOf",
          "oneOf",
          "not",
          "if",
          "patternProperties",
          "dependentSchemas",
          "unevaluatedProperties",
          "$dynamicRef",
          "$recursiveRef");

  /** Keywords that combine only if properties stand beside them. */
  private static final Set<String> ALTERNATIVES = Set.of("anyOf", "$ref");

  private ClosedSchema() {}

  /**
   * Returns a copy of the schema with its objects closed. A schema that combines others is returned
   * as it is.
   */
  public static JsonNode of(JsonNode schema) {
    JsonNode copy = schema.deepCopy();
    if (!combines(copy)) {
      closeMembers(copy);
      if (copy.path("properties").isObject()) {
        close(copy);
      }
    }
    return copy;
  }

  private static boolean combines(JsonNode schema) {
    if (COMBINING.stream().anyMatch(schema::has)
        || (schema.has("properties") && ALTERNATIVES.stream().anyMatch(schema::has))) {
      return true;
    }
    for (JsonNode part : schema) {
      if (combines(part)) {
        return true;
      }
    }
    return false;
  }

  private static void closeMembers(JsonNode schema) {
    for (String members : Set.of("properties", "$defs", "definitions", "anyOf")) {
      schema.path(members).forEach(ClosedSchema::closeNamed);
    }
    if (schema.has("items")) {
      closeNamed(schema.get("items"));
    }
  }

  /** Closes a schema below the root. One that names no member is a map, and stays open. */
  private static void closeNamed(JsonNode schema) {
    closeMembers(schema);
    if (schema.path("properties").isObject() && !schema.path("properties").isEmpty()) {
      close(schema);
    }
  }

  private static void close(JsonNode schema) {
    if (schema instanceof ObjectNode object && !object.has("additionalProperties")) {
      object.put("additionalProperties", false);
    }
  }
}
