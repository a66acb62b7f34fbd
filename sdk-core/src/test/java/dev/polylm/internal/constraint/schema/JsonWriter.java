package dev.polylm.internal.constraint.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes values as constraints do: a space after commas and colons, an integer without a point,
 * escapes only where they must be.
 */
public final class JsonWriter {
  private JsonWriter() {}

  public static String write(JsonNode value) {
    List<String> parts = new ArrayList<>();
    if (value.isArray()) {
      value.forEach(item -> parts.add(write(item)));
      return "[" + String.join(", ", parts) + "]";
    }
    if (value.isObject()) {
      value.properties().forEach(e -> parts.add(string(e.getKey()) + ": " + write(e.getValue())));
      return "{" + String.join(", ", parts) + "}";
    }
    if (value.isNumber()) {
      BigDecimal number = value.decimalValue().stripTrailingZeros();
      return number.signum() == 0
          ? "0"
          : Math.abs(number.scale()) < 60 ? number.toPlainString() : number.toString();
    }
    return value.isTextual() ? string(value.textValue()) : value.toString();
  }

  private static String string(String text) {
    StringBuilder json = new StringBuilder("\"");
    text.codePoints()
        .forEach(
            c -> {
              int named = "\"\\\b\f\n\r\t".indexOf(c);
              if (named >= 0) {
                json.append('\\').append("\"\\bfnrt".charAt(named));
              } else if (c < ' ') {
                json.append("\\u%04x".formatted(c));
              } else {
                json.appendCodePoint(c);
              }
            });
    return json.append('"').toString();
  }
}
