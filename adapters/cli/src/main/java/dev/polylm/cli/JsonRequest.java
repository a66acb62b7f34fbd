package dev.polylm.cli;

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
import dev.polylm.PolyLmException;
import dev.polylm.internal.untrusted.JsonProblem;
import dev.polylm.internal.untrusted.Utf8;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.List;

/** A request: a JSON object. Each key and its type are checked when they are read. */
final class JsonRequest {
  private static final ObjectMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxStringLength(LineReader.MAX_LINE_BYTES)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS) // shown as they were written
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private final ObjectNode object;

  private JsonRequest(ObjectNode object) {
    this.object = object;
  }

  /**
   * Reads a line.
   *
   * @throws PolyLmException if it is not a JSON object in UTF-8
   */
  static JsonRequest parse(byte[] line) {
    JsonNode node;
    try {
      node = JSON.readTree(decode(line));
    } catch (JsonProcessingException e) {
      throw new PolyLmException("the line is not JSON: " + JsonProblem.of(e), e);
    }
    if (!(node instanceof ObjectNode object)) {
      throw new PolyLmException(
          "the line is %s, must be a JSON object"
              .formatted(node.isMissingNode() ? "empty" : "a JSON " + kind(node)));
    }
    return new JsonRequest(object);
  }

  private static String decode(byte[] line) {
    try {
      return Utf8.decode(line);
    } catch (CharacterCodingException e) {
      throw new PolyLmException("the line is not UTF-8", e);
    }
  }

  /**
   * Returns which of several possible forms the request has.
   *
   * @param forms the set of keys of each form
   * @param optional keys that every form may have as well
   * @throws PolyLmException if the keys match no form
   */
  List<String> form(List<List<String>> forms, String... optional) {
    List<String> keys = new ArrayList<>();
    object.fieldNames().forEachRemaining(keys::add);
    List<String> others = List.of(optional);
    List<String> needed = keys.stream().filter(key -> !others.contains(key)).sorted().toList();
    for (List<String> form : forms) {
      if (form.stream().sorted().toList().equals(needed)) {
        return form;
      }
    }
    throw new PolyLmException(
        "the request has the keys %s, expected one of %s%s"
            .formatted(
                keys,
                forms,
                others.isEmpty() ? "" : ", optionally with " + String.join(", ", others)));
  }

  /**
   * Returns the text under a key.
   *
   * @throws PolyLmException if it is not a text
   */
  String text(String key) {
    JsonNode value = object.path(key);
    if (!value.isTextual()) {
      throw new PolyLmException("%s is a JSON %s, must be a text".formatted(key, kind(value)));
    }
    return value.textValue();
  }

  /**
   * Returns the ids under a key.
   *
   * @throws PolyLmException if they are not a list of integers
   */
  int[] ids(String key) {
    JsonNode value = object.path(key);
    if (!value.isArray()) {
      throw new PolyLmException("%s is a JSON %s, must be a list".formatted(key, kind(value)));
    }
    int[] ids = new int[value.size()];
    for (int i = 0; i < ids.length; i++) {
      JsonNode id = value.get(i);
      if (!id.isIntegralNumber() || !id.canConvertToInt()) {
        throw new PolyLmException(
            "%s[%s] is %s, must be an integer below 2^31".formatted(key, i, id));
      }
      ids[i] = id.intValue();
    }
    return ids;
  }

  /**
   * Returns the object under a key as JSON; an empty object if the key is missing.
   *
   * @throws PolyLmException if it is not an object
   */
  String objectJson(String key) {
    JsonNode value = object.path(key);
    if (!value.isMissingNode() && !value.isObject()) {
      throw new PolyLmException("%s is a JSON %s, must be an object".formatted(key, kind(value)));
    }
    return value.isMissingNode() ? "{}" : value.toString();
  }

  /** Returns a copy of the request, to which an answer can be added. */
  ObjectNode copy() {
    return object.deepCopy();
  }

  /** Returns the value under a key that the request has. */
  JsonNode value(String key) {
    return object.path(key);
  }

  /** Returns whether the request has a key. */
  boolean has(String key) {
    return object.has(key);
  }

  private static String kind(JsonNode node) {
    return switch (node.getNodeType()) {
      case ARRAY -> "list";
      case STRING -> "text";
      case NUMBER -> "number";
      case BOOLEAN -> "boolean";
      case OBJECT -> "object";
      default -> "null";
    };
  }
}
