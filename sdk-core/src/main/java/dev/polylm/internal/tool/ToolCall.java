package dev.polylm.internal.tool;

import java.util.UUID;

/**
 * A call of a tool that a model asks for.
 *
 * @param id tells this call from others
 * @param name the tool's name
 * @param arguments an object in JSON
 */
public record ToolCall(String id, String name, String arguments) {
  /** Returns a new id. */
  static String newId() {
    return "call_" + UUID.randomUUID().toString().replace("-", "");
  }
}
