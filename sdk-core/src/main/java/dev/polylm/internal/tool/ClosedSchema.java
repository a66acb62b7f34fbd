package dev.polylm.internal.tool;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;

/**
 * A schema whose objects have the members that it names, and no others. JSON Schema allows others
 * unless a schema forbids them. A model that isn't trained for tools would invent them.
 */
final class ClosedSchema {
  /** Keywords beside which a closed object could exclude what the schema as a whole allows. */
  private static final Set<String> COMBINED =
      Set.of(
          "allOf",
          "anyOf",
          "oneOf",
          "not",
          "if",
          "$ref",
          "patternProperties",
          "dependentSchemas",
          "unevaluatedProperties");

  private ClosedSchema() {}

  /** Returns a copy of the schema with its objects closed, where that can exclude nothing named. */
  static JsonNode of(JsonNode schema) {
    JsonNode copy = schema.deepCopy();
    // A schema that is used twice may be combined with others at one of the places.
    if (copy.findValue("$ref") == null) {
      close(copy);
    }
    return copy;
  }

  private static void close(JsonNode schema) {
    if (!(schema instanceof ObjectNode object)) {
      return;
    }
    if (COMBINED.stream().anyMatch(object::has)) {
      return;
    }
    JsonNode properties = object.path("properties");
    if (properties.isObject()) {
      if (!object.has("additionalProperties")) {
        object.put("additionalProperties", false);
      }
      properties.forEach(ClosedSchema::close);
    }
    close(object.path("items"));
  }
}
