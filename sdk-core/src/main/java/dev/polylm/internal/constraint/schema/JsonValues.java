package dev.polylm.internal.constraint.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Compares JSON values and writes numbers. */
final class JsonValues {
  private static final int PLAIN_DIGITS = 60;

  private JsonValues() {}

  /**
   * Returns an object that equals another one's exactly if the two values are equal. Numbers are
   * compared by value, objects without regard to the order of members.
   */
  static Object key(JsonNode value) {
    if (value.isNumber()) {
      return value.decimalValue().stripTrailingZeros();
    }
    if (value.isArray()) {
      List<Object> keys = new ArrayList<>(value.size());
      value.forEach(item -> keys.add(key(item)));
      return keys;
    }
    if (value.isObject()) {
      Map<String, Object> keys = new HashMap<>();
      value.properties().forEach(member -> keys.put(member.getKey(), key(member.getValue())));
      return keys;
    }
    return value.isTextual() ? value.textValue() : value;
  }

  /** Returns the keys of the values. */
  static Set<Object> keys(Collection<JsonNode> values) {
    Set<Object> keys = new HashSet<>();
    values.forEach(value -> keys.add(key(value)));
    return keys;
  }

  static boolean contains(Collection<JsonNode> values, JsonNode value) {
    return !values.isEmpty() && keys(values).contains(key(value));
  }

  /** Writes a number. It has an exponent only if there would be very many zeros. */
  static String number(BigDecimal number) {
    if (number.signum() == 0) {
      return "0";
    }
    BigDecimal shortest = number.stripTrailingZeros();
    return Math.abs(shortest.scale()) <= PLAIN_DIGITS
        ? shortest.toPlainString()
        : shortest.toString();
  }
}
