package dev.polylm.internal.constraint.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds the member because of which no value of a schema can end: it needs a value of its own. */
public final class EndlessSchema {
  private final JsonNode root;
  private final Set<JsonNode> open = Collections.newSetFromMap(new IdentityHashMap<>());

  private EndlessSchema(JsonNode root) {
    this.root = root;
  }

  /**
   * Returns a sentence about a schema that no value satisfies.
   *
   * @return empty if the reason is another one
   */
  public static String reason(JsonNode schema) {
    String member = new EndlessSchema(schema).endless(schema, "");
    return member == null
        ? ""
        : "the member %s is required and leads back to itself, so no answer could end; leave it out of required, which Nullable does in a Java type, or make it a list"
            .formatted(member);
  }

  /** Returns the last member of the way back to an open schema, or null if there is no such way. */
  private @Nullable String endless(JsonNode schema, String member) {
    JsonNode target = target(schema);
    if (!open.add(target)) {
      return member;
    }
    try {
      String found = ofObject(target);
      return found == null ? ofAlternatives(target, member) : found;
    } finally {
      open.remove(target);
    }
  }

  private @Nullable String ofObject(JsonNode schema) {
    if (!schema.path("type").asText().equals("object")) {
      return null;
    }
    for (JsonNode required : schema.path("required")) {
      JsonNode property = schema.path("properties").path(required.asText());
      String found = endless(property, required.asText());
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  private @Nullable String ofAlternatives(JsonNode schema, String member) {
    JsonNode parts = schema.path("anyOf");
    String found = null;
    for (JsonNode part : parts) {
      found = endless(part, member);
      if (found == null) {
        return null; // this one ends
      }
    }
    return found;
  }

  private JsonNode target(JsonNode schema) {
    String reference = schema.path("$ref").asText();
    if (reference.equals("#")) {
      return root;
    }
    return reference.startsWith("#/") ? root.at(reference.substring(1)) : schema;
  }
}
