package dev.polylm.internal.constraint.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** The types of JSON Schema, with numbers split so that no value has two types. */
enum JsonType {
  NULL,
  BOOLEAN,
  INTEGER,
  /** A number that is not an integer. */
  FRACTION,
  STRING,
  ARRAY,
  OBJECT;

  static final Set<JsonType> ALL = EnumSet.allOf(JsonType.class);
  static final Set<JsonType> NUMBERS = EnumSet.of(INTEGER, FRACTION);

  /** Returns the types that a name in the keyword {@code type} means. */
  static Optional<Set<JsonType>> named(String name) {
    return switch (name) {
      case "null" -> Optional.of(EnumSet.of(NULL));
      case "boolean" -> Optional.of(EnumSet.of(BOOLEAN));
      case "integer" -> Optional.of(EnumSet.of(INTEGER));
      case "number" -> Optional.of(NUMBERS);
      case "string" -> Optional.of(EnumSet.of(STRING));
      case "array" -> Optional.of(EnumSet.of(ARRAY));
      case "object" -> Optional.of(EnumSet.of(OBJECT));
      default -> Optional.empty();
    };
  }

  static JsonType of(JsonNode value) {
    return switch (value.getNodeType()) {
      case NULL, MISSING -> NULL;
      case BOOLEAN -> BOOLEAN;
      case NUMBER -> isInteger(value.decimalValue()) ? INTEGER : FRACTION;
      case ARRAY -> ARRAY;
      case OBJECT -> OBJECT;
      case STRING, BINARY, POJO -> STRING;
    };
  }

  static boolean isInteger(BigDecimal number) {
    return number.signum() == 0 || number.stripTrailingZeros().scale() <= 0;
  }
}
