package dev.polylm.internal.constraint.schema;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.polylm.PolyLmException;
import dev.polylm.internal.untrusted.JsonProblem;
import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;

/** Checks incoming schemas, text or tree, of any size and depth. */
public final class SchemaText {
  private static final int MAX_LENGTH = 4_000_000;
  private static final int MAX_NODES = 1_000_000;
  private static final int MAX_DEPTH = 300;
  private static final int MAX_EXPONENT = 400;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MAX_DEPTH)
                          .maxDocumentLength(MAX_LENGTH)
                          .build())
                  .build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .build();

  private SchemaText() {}

  /**
   * Parses a schema.
   *
   * @throws PolyLmException if the text is not one value of JSON, or too large
   */
  public static JsonNode parse(String text) {
    if (text.length() > MAX_LENGTH) {
      throw new PolyLmException(
          "a schema has %s characters, expected at most %s".formatted(text.length(), MAX_LENGTH));
    }
    try {
      JsonNode schema = MAPPER.readTree(text);
      if (schema == null || schema.isMissingNode()) {
        throw new PolyLmException("a schema is an object, true or false; found an empty text");
      }
      return schema;
    } catch (JsonProcessingException e) {
      throw new PolyLmException("the schema is not JSON: " + JsonProblem.of(e), e);
    }
  }

  /**
   * Checks the size and depth of a schema before it is compiled.
   *
   * @throws PolyLmException if a tree is too deep or too large, or has a number that is
   */
  public static void check(JsonNode schema) {
    record Level(JsonNode node, int depth) {}
    Deque<Level> open = new ArrayDeque<>();
    open.push(new Level(schema, 1));
    int nodes = 0;
    while (!open.isEmpty()) {
      Level next = open.pop();
      if (++nodes > MAX_NODES || next.depth > MAX_DEPTH) {
        throw new PolyLmException(
            String.format(
                Locale.ROOT,
                "a schema has over %,d values, or values over %d deep",
                MAX_NODES,
                MAX_DEPTH));
      }
      checkNumber(next.node);
      next.node.forEach(child -> open.push(new Level(child, next.depth + 1)));
    }
  }

  private static void checkNumber(JsonNode node) {
    if (!node.isNumber()) {
      return;
    }
    boolean finite =
        node.isBigDecimal() || node.isBigInteger() || Double.isFinite(node.doubleValue());
    BigDecimal value = finite ? node.decimalValue() : BigDecimal.ZERO;
    long exponent = (long) value.precision() - value.scale();
    if (!finite || Math.abs(exponent) > MAX_EXPONENT || Math.abs(value.scale()) > MAX_EXPONENT) {
      throw new PolyLmException("a schema has a number of over %s digits".formatted(MAX_EXPONENT));
    }
  }
}
