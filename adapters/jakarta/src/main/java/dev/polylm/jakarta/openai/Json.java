package dev.polylm.jakarta.openai;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polylm.internal.untrusted.JsonProblem;
import dev.polylm.internal.untrusted.Utf8;
import java.nio.charset.CharacterCodingException;

/** Reads and writes the bodies of requests and answers. */
public final class Json {
  /** A schema in a request may nest. */
  private static final int MAX_DEPTH = 128;

  private static final int MAX_NUMBER_LENGTH = 100;
  private static final int MAX_SHOWN = 60;

  private static final ObjectMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MAX_DEPTH)
                          .maxNumberLength(MAX_NUMBER_LENGTH)
                          .maxStringLength(Integer.MAX_VALUE) // the body itself is limited
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS) // shown as they were sent
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private Json() {}

  /**
   * Reads the body of a request.
   *
   * @throws ApiException if it is not a JSON object in UTF-8
   */
  public static ObjectNode parse(byte[] body) {
    JsonNode node;
    try {
      node = MAPPER.readTree(decode(body));
    } catch (JsonProcessingException e) {
      throw ApiException.badRequest(null, "The body is not JSON: " + problem(e));
    }
    if (!(node instanceof ObjectNode object)) {
      throw ApiException.badRequest(
          null, "The body is %s, must be a JSON object.".formatted(kind(node)));
    }
    return object;
  }

  /**
   * Reads a value that is sent as a string.
   *
   * @param field the string's name
   * @throws ApiException if it is not JSON
   */
  static JsonNode parseValue(String field, String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw ApiException.badRequest(field, "%s is not JSON: %s".formatted(field, problem(e)));
    }
  }

  private static String problem(JsonProcessingException e) {
    return JsonProblem.of(e) + ".";
  }

  private static String decode(byte[] body) {
    try {
      return Utf8.decode(body);
    } catch (CharacterCodingException e) {
      throw ApiException.badRequest(null, "The body is not UTF-8.");
    }
  }

  /** Returns a value as text on one line. */
  public static String write(JsonNode node) {
    try {
      return MAPPER.writeValueAsString(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of plain values can always be written", e);
    }
  }

  /** Returns a value as UTF-8 on one line. */
  public static byte[] bytes(JsonNode node) {
    try {
      return MAPPER.writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of plain values can always be written", e);
    }
  }

  /** Returns a value as it is shown to the client that sent it. */
  static String show(JsonNode node) {
    String text = node.isContainerNode() ? kind(node) : node.toString();
    return text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "...";
  }

  static String kind(JsonNode node) {
    return switch (node.getNodeType()) {
      case ARRAY -> "a list";
      case STRING -> "a string";
      case NUMBER -> "a number";
      case BOOLEAN -> "a boolean";
      case OBJECT -> "an object";
      case MISSING -> "empty";
      default -> "null";
    };
  }
}
