package dev.polylm.internal.constraint.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.Iterator;

/** Compares JSON values and writes numbers. */
final class JsonValues {
  private static final int PLAIN_DIGITS = 60;

  private JsonValues() {}

  /**
   * Returns whether two values are equal. Numbers are compared by value, objects without regard to
   * the order of members.
   */
  static boolean equal(JsonNode a, JsonNode b) {
    if (a.isNumber() && b.isNumber()) {
      return a.decimalValue().compareTo(b.decimalValue()) == 0;
    }
    if (a.getNodeType() != b.getNodeType() || a.size() != b.size()) {
      return false;
    }
    if (a.isArray()) {
      Iterator<JsonNode> others = b.iterator();
      for (JsonNode item : a) {
        if (!equal(item, others.next())) {
          return false;
        }
      }
      return true;
    }
    if (a.isObject()) {
      return a.properties().stream()
          .allMatch(
              member -> {
                JsonNode other = b.get(member.getKey());
                return other != null && equal(member.getValue(), other);
              });
    }
    return a.equals(b);
  }

  static boolean contains(Collection<JsonNode> values, JsonNode value) {
    return values.stream().anyMatch(other -> equal(other, value));
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
