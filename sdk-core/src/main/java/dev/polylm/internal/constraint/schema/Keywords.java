package dev.polylm.internal.constraint.schema;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polylm.PolyLmException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the keywords of one schema, and checks the types of their values. */
final class Keywords {
  private static final int LARGEST_COUNT = 1 << 30;

  private final JsonNode schema;
  private final String pointer;

  Keywords(JsonNode schema, String pointer) {
    this.schema = schema;
    this.pointer = pointer;
  }

  String pointer() {
    return pointer;
  }

  boolean has(String keyword) {
    return schema.has(keyword);
  }

  JsonNode get(String keyword) {
    return schema.path(keyword);
  }

  String pointerOf(String keyword) {
    return pointer(pointer, keyword);
  }

  static String pointer(String pointer, String token) {
    return pointer + "/" + token.replace("~", "~0").replace("/", "~1");
  }

  /** Returns the exception for a refused schema. */
  static PolyLmException refused(String pointer, String reason) {
    return new PolyLmException("schema, %s: %s".formatted(pointer, reason));
  }

  private PolyLmException expected(String keyword, String what) {
    String found = schema.path(keyword).toString();
    String shown = found.length() <= 60 ? found : found.substring(0, 60) + "...";
    return refused(pointerOf(keyword), "expected %s, found %s".formatted(what, shown));
  }

  @Nullable BigDecimal number(String keyword) {
    if (!has(keyword)) {
      return null;
    }
    JsonNode value = get(keyword);
    if (!value.isNumber() || (value.isFloatingPointNumber() && !isFinite(value))) {
      throw expected(keyword, "a number");
    }
    return value.decimalValue();
  }

  private static boolean isFinite(JsonNode value) {
    return value.isBigDecimal() || Double.isFinite(value.doubleValue());
  }

  /**
   * Returns a count, or the default if the keyword is absent. Very large counts are cut to 2^30.
   */
  int count(String keyword, int otherwise) {
    BigDecimal value = number(keyword);
    if (value == null) {
      return otherwise;
    }
    if (value.signum() < 0 || !JsonType.isInteger(value)) {
      throw expected(keyword, "a non-negative integer");
    }
    return value.min(BigDecimal.valueOf(LARGEST_COUNT)).intValue();
  }

  boolean flag(String keyword) {
    if (!has(keyword)) {
      return false;
    }
    if (!get(keyword).isBoolean()) {
      throw expected(keyword, "true or false");
    }
    return get(keyword).booleanValue();
  }

  @Nullable String text(String keyword) {
    if (!has(keyword)) {
      return null;
    }
    if (!get(keyword).isTextual()) {
      throw expected(keyword, "a string");
    }
    return get(keyword).textValue();
  }

  Set<String> texts(String keyword) {
    Set<String> texts = new LinkedHashSet<>();
    for (JsonNode item : list(keyword)) {
      if (!item.isTextual()) {
        throw expected(keyword, "an array of strings");
      }
      texts.add(item.textValue());
    }
    return texts;
  }

  /** Returns the items of an array; none if the keyword is absent. */
  List<JsonNode> list(String keyword) {
    List<JsonNode> items = new ArrayList<>();
    if (has(keyword)) {
      if (!get(keyword).isArray()) {
        throw expected(keyword, "an array");
      }
      get(keyword).forEach(items::add);
    }
    return items;
  }

  /** Returns the members' names of an object; none if the keyword is absent. */
  List<String> names(String keyword) {
    List<String> names = new ArrayList<>();
    if (has(keyword)) {
      if (!get(keyword).isObject()) {
        throw expected(keyword, "an object");
      }
      get(keyword).fieldNames().forEachRemaining(names::add);
    }
    return names;
  }
}
