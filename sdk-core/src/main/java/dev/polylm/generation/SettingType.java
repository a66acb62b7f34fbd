package dev.polylm.generation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The JSON form of a setting's value.
 *
 * @param expected the words for messages, such as "an integer"
 * @param reader reads the value of a node; null if the node has another type
 * @param writer makes the node of a value
 */
record SettingType<T>(
    String expected, Function<JsonNode, @Nullable T> reader, Function<T, JsonNode> writer) {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  static final SettingType<Integer> INTEGER =
      new SettingType<>(
          "an integer of 32 bits",
          node -> node.isIntegralNumber() && node.canConvertToInt() ? node.intValue() : null,
          JSON::numberNode);

  static final SettingType<Long> LONG =
      new SettingType<>(
          "an integer of 64 bits",
          node -> node.isIntegralNumber() && node.canConvertToLong() ? node.longValue() : null,
          JSON::numberNode);

  static final SettingType<Double> NUMBER =
      new SettingType<>(
          "a number", node -> isNumber(node) ? node.doubleValue() : null, JSON::numberNode);

  static final SettingType<Boolean> BOOLEAN =
      new SettingType<>(
          "true or false",
          node -> node.isBoolean() ? node.booleanValue() : null,
          JSON::booleanNode);

  static final SettingType<String> STRING =
      new SettingType<>(
          "a string", node -> node.isTextual() ? node.textValue() : null, JSON::textNode);

  static final SettingType<EarlyStopping> EARLY_STOPPING =
      new SettingType<>(
          "true, false or \"never\"", SettingType::readEarlyStopping, SettingType::write);

  /** Returns whether a node is a number that 64 bits can hold, unlike 1e400. */
  static boolean isNumber(JsonNode node) {
    return node.isNumber() && Double.isFinite(node.doubleValue());
  }

  @Nullable T read(JsonNode node) {
    return reader.apply(node);
  }

  JsonNode write(T value) {
    return writer.apply(value);
  }

  private static @Nullable EarlyStopping readEarlyStopping(JsonNode node) {
    if (node.isBoolean()) {
      return node.booleanValue() ? EarlyStopping.TRUE : EarlyStopping.FALSE;
    }
    return node.isTextual() && node.textValue().equals("never") ? EarlyStopping.NEVER : null;
  }

  private static JsonNode write(EarlyStopping value) {
    return value == EarlyStopping.NEVER
        ? JSON.textNode("never")
        : JSON.booleanNode(value == EarlyStopping.TRUE);
  }
}
