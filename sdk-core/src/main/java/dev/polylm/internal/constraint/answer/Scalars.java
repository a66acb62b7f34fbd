package dev.polylm.internal.constraint.answer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polylm.PolyLmException;
import dev.polylm.internal.untrusted.JsonProblem;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The schemas of types that are one JSON value. */
final class Scalars {
  private record Bounds(long least, long most) {}

  private static final Bounds BYTE = new Bounds(Byte.MIN_VALUE, Byte.MAX_VALUE);
  private static final Bounds SHORT = new Bounds(Short.MIN_VALUE, Short.MAX_VALUE);
  private static final Bounds INT = new Bounds(Integer.MIN_VALUE, Integer.MAX_VALUE);
  private static final Bounds LONG = new Bounds(Long.MIN_VALUE, Long.MAX_VALUE);

  private static final Map<Class<?>, Bounds> INTEGERS =
      Map.of(
          byte.class, BYTE,
          Byte.class, BYTE,
          short.class, SHORT,
          Short.class, SHORT,
          int.class, INT,
          Integer.class, INT,
          long.class, LONG,
          Long.class, LONG);

  private static final Set<Class<?>> NUMBERS =
      Set.of(double.class, Double.class, BigDecimal.class, Number.class);

  private Scalars() {}

  /** Returns the schema of a type, or null if the type is not one value. */
  static @Nullable ObjectNode schema(ObjectMapper mapper, Class<?> type) {
    ObjectNode schema = mapper.createObjectNode();
    Bounds bounds = INTEGERS.get(type);
    if (bounds != null) {
      return schema.put("type", "integer").put("minimum", bounds.least).put("maximum", bounds.most);
    }
    if (type == BigInteger.class) {
      return schema.put("type", "integer");
    }
    if (type == float.class || type == Float.class) {
      BigDecimal most = new BigDecimal(Float.MAX_VALUE); // more would be read as infinity
      return schema.put("type", "number").put("minimum", most.negate()).put("maximum", most);
    }
    if (NUMBERS.contains(type)) {
      return schema.put("type", "number");
    }
    if (type == boolean.class || type == Boolean.class) {
      return schema.put("type", "boolean");
    }
    if (type == String.class || type == CharSequence.class) {
      return schema.put("type", "string");
    }
    if (type == UUID.class) {
      return schema.put("type", "string").put("format", "uuid");
    }
    if (type == Object.class || type == JsonNode.class) {
      return schema;
    }
    return type.isEnum() ? constants(mapper, type, schema) : null;
  }

  /** Returns the values of an enum as the mapper writes them. It must read them back. */
  private static ObjectNode constants(ObjectMapper mapper, Class<?> type, ObjectNode schema) {
    ArrayNode values = schema.putArray("enum");
    for (Object constant : type.getEnumConstants()) {
      JsonNode value = mapper.valueToTree(constant);
      try {
        if (mapper.treeToValue(value, type) != constant) {
          throw new PolyLmException(
              "%s can't be an answer's type: %s is written as %s and read as another constant"
                  .formatted(type.getName(), constant, value));
        }
      } catch (JsonProcessingException e) {
        throw new PolyLmException(
            "%s can't be an answer's type: %s is written as %s, which can't be read: %s"
                .formatted(type.getName(), constant, value, JsonProblem.of(e)),
            e);
      }
      values.add(value);
    }
    return schema;
  }
}
