package dev.polylm.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Converts the parts of answers to JSON. */
final class JsonParts {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private JsonParts() {}

  static ObjectNode object() {
    return NODES.objectNode();
  }

  static ArrayNode array() {
    return NODES.arrayNode();
  }

  static ArrayNode array(int[] values) {
    ArrayNode array = array();
    for (int value : values) {
      array.add(value);
    }
    return array;
  }

  static ArrayNode array(float[] values) {
    ArrayNode array = array();
    for (float value : values) {
      array.add(value);
    }
    return array;
  }

  static ArrayNode array(List<String> values) {
    ArrayNode array = array();
    values.forEach(array::add);
    return array;
  }
}
