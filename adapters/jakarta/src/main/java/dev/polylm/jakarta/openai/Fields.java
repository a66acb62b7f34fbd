package dev.polylm.jakarta.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Reads the fields of a request by type. Null counts as not set. A value that has another type or
 * is out of range causes an {@link ApiException} that names field, value and range.
 */
final class Fields {
  private static final String TEXTS = "a string or a list of strings";

  private final ObjectNode object;
  private final String path;
  private final Map<String, String> sentAs;

  Fields(ObjectNode object) {
    this(object, Map.of());
  }

  /**
   * @param sentAs the fields that the client has sent under another path, and that path
   */
  Fields(ObjectNode object, Map<String, String> sentAs) {
    this(object, "", sentAs);
  }

  private Fields(ObjectNode object, String path, Map<String, String> sentAs) {
    this.object = object;
    this.path = path;
    this.sentAs = sentAs;
  }

  /**
   * Returns the fields of a value in a list.
   *
   * @param where what messages call the value
   */
  Fields item(JsonNode node, String where) {
    if (!(node instanceof ObjectNode value)) {
      throw wrong(where, node, "an object");
    }
    return new Fields(value, where + ".", sentAs);
  }

  /** Returns what messages call a field: its path, as the client has sent it. */
  String path(String name) {
    String full = path + name;
    return sentAs.getOrDefault(full, full);
  }

  /** Returns the names of the fields that are neither null nor false. */
  List<String> namesThatAreSet() {
    List<String> names = new ArrayList<>();
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      boolean isFalse = field.getValue().isBoolean() && !field.getValue().booleanValue();
      if (!isFalse && has(field.getKey())) {
        names.add(field.getKey());
      }
    }
    return names;
  }

  Optional<JsonNode> node(String name) {
    JsonNode node = object.path(name);
    return node.isMissingNode() || node.isNull() ? Optional.empty() : Optional.of(node);
  }

  boolean has(String name) {
    return node(name).isPresent();
  }

  Optional<String> text(String name) {
    return node(name)
        .map(
            node -> {
              if (!node.isTextual()) {
                throw wrong(path(name), node, "a string");
              }
              return node.textValue();
            });
  }

  boolean flag(String name) {
    Optional<JsonNode> node = node(name);
    if (node.isPresent() && !node.get().isBoolean()) {
      throw wrong(path(name), node.get(), "true or false");
    }
    return node.isPresent() && node.get().booleanValue();
  }

  OptionalInt integer(String name, int least, int most) {
    Optional<JsonNode> node = node(name);
    if (node.isEmpty()) {
      return OptionalInt.empty();
    }
    JsonNode value = node.get();
    boolean fits = value.isIntegralNumber() && value.canConvertToInt();
    if (!fits || value.intValue() < least || value.intValue() > most) {
      throw wrong(path(name), value, "an integer from %s to %s".formatted(least, most));
    }
    return OptionalInt.of(value.intValue());
  }

  /** Returns an integer. A value above 1e9 is taken as the largest int. */
  OptionalInt integerFrom(String name, int least) {
    Optional<JsonNode> node = node(name);
    if (node.isPresent() && node.get().isIntegralNumber() && node.get().doubleValue() > 1e9) {
      return OptionalInt.of(Integer.MAX_VALUE);
    }
    return integer(name, least, Integer.MAX_VALUE);
  }

  OptionalLong longInteger(String name) {
    Optional<JsonNode> node = node(name);
    if (node.isEmpty()) {
      return OptionalLong.empty();
    }
    if (!node.get().isIntegralNumber() || !node.get().canConvertToLong()) {
      throw wrong(path(name), node.get(), "an integer of 64 bits");
    }
    return OptionalLong.of(node.get().longValue());
  }

  OptionalDouble number(String name, double least, double most) {
    Optional<JsonNode> node = node(name);
    if (node.isEmpty()) {
      return OptionalDouble.empty();
    }
    double value = node.get().isNumber() ? node.get().doubleValue() : Double.NaN;
    if (!(value >= least && value <= most)) {
      throw wrong(path(name), node.get(), "a number from %s to %s".formatted(least, most));
    }
    return OptionalDouble.of(value);
  }

  Optional<Fields> object(String name) {
    return node(name)
        .map(
            node -> {
              if (!(node instanceof ObjectNode value)) {
                throw wrong(path(name), node, "an object");
              }
              return new Fields(value, path(name) + ".", sentAs);
            });
  }

  /** Returns a string or a list of strings; none if it is not set or the list is empty. */
  List<String> texts(String name, int most) {
    Optional<JsonNode> node = node(name);
    if (node.isEmpty()) {
      return List.of();
    }
    if (node.get().isTextual()) {
      return List.of(node.get().textValue());
    }
    if (node.get().isArray() && node.get().isEmpty()) {
      return List.of();
    }
    List<String> texts = new ArrayList<>();
    for (JsonNode item : list(path(name), node.get(), most, TEXTS)) {
      if (!item.isTextual()) {
        throw wrong(path(name), item, TEXTS);
      }
      texts.add(item.textValue());
    }
    return texts;
  }

  /** Returns a list with a length from 1 to a limit. */
  static ArrayNode list(String name, JsonNode node, int most) {
    return list(name, node, most, "a list");
  }

  /**
   * Returns a list with a length from 1 to a limit.
   *
   * @param expected what messages call all that is allowed there
   */
  static ArrayNode list(String name, JsonNode node, int most, String expected) {
    if (!(node instanceof ArrayNode list)) {
      throw wrong(name, node, expected);
    }
    if (list.isEmpty() || list.size() > most) {
      throw ApiException.badRequest(
          name, "%s has %s items, must have 1 to %s.".formatted(name, list.size(), most));
    }
    return list;
  }

  static ApiException wrong(String name, JsonNode value, String expected) {
    return ApiException.badRequest(
        name, "%s is %s, must be %s.".formatted(name, Json.show(value), expected));
  }
}
