package dev.polylm.internal.constraint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylm.PolyLmException;
import dev.polylm.constraint.Constraint;
import dev.polylm.internal.constraint.mask.Acceptance;
import org.junit.jupiter.api.Test;

/** Faults that libraries of this kind had, each by its repository and number. */
final class KnownFaultsTest {
  private static void lets(String schema, String text) {
    assertThat(Acceptance.accepts(Constraint.jsonSchema(schema), text)).as(text).isTrue();
  }

  private static void stops(String schema, String text) {
    assertThat(Acceptance.accepts(Constraint.jsonSchema(schema), text)).as(text).isFalse();
  }

  /** mlc-ai/xgrammar 895: beside a pattern, the length was not looked at. */
  @Test
  void patternKeepsLength() {
    String schema =
        "{\"type\":\"string\",\"pattern\":\"^[a-z]+$\",\"minLength\":3,\"maxLength\":4}";
    lets(schema, "\"abc\"");
    stops(schema, "\"ab\"");
    stops(schema, "\"abcde\"");
    stops(schema, "\"abC\"");
  }

  /** mlc-ai/xgrammar 858: beside anyOf, its siblings were not looked at. */
  @Test
  void anyOfKeepsItsSiblings() {
    String schema =
        "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"integer\"}},\"required\":[\"a\"],"
            + "\"anyOf\":[{\"required\":[\"b\"]},{\"required\":[\"c\"]}]}";
    lets(schema, "{\"a\": 1, \"b\": 2}");
    stops(schema, "{\"b\": 2}");
    stops(schema, "{\"a\": 1}");
    stops(schema, "{\"a\": \"x\", \"c\": 2}");
  }

  /** mlc-ai/xgrammar 208: the type of a property could be passed by. */
  @Test
  void typesOfPropertiesHold() {
    String schema = "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"integer\"}}}";
    lets(schema, "{\"a\": 1, \"b\": \"x\"}");
    lets(schema, "{\"b\": \"x\"}");
    stops(schema, "{\"a\": \"x\"}");
    stops(schema, "{\"b\": 1, \"a\": \"x\"}");
    stops(schema, "{\"a\": 1, \"a\": \"x\"}");
  }

  /** mlc-ai/xgrammar 382: the mask allowed what the matcher then refused; Acceptance compares. */
  @Test
  void maskAndStepAgree() {
    Constraint constraint = Constraint.regex("(?:[^\"\\\\]|\\\\.){2,5}é");
    for (String text : new String[] {"\\\"\\\\é", "日本é", "aé", "\\", "abcdefé"}) {
      Acceptance.accepts(constraint, text);
    }
    assertThat(Acceptance.accepts(constraint, "\\\"xé")).isTrue();
  }

  /** guidance-ai/llguidance 265: patternProperties were taken, and answers came out broken. */
  @Test
  void patternPropertiesBesideProperties() {
    String schema =
        "{\"type\":\"object\",\"properties\":{\"score\":{\"type\":\"integer\",\"multipleOf\":5},"
            + "\"tags\":{\"type\":\"array\",\"items\":{\"type\":\"string\",\"minLength\":3}}},"
            + "\"required\":[\"score\",\"tags\"],\"additionalProperties\":false,"
            + "\"patternProperties\":{\"^score$\":{\"type\":\"integer\"}}}";
    lets(schema, "{\"score\": 10, \"tags\": [\"abc\"]}");
    stops(schema, "{\"score\": 11, \"tags\": []}");
    stops(schema, "{  \r\n");
  }

  /** guidance-ai/llguidance 266: a name ended with another quote. */
  @Test
  void namesEndWithTheirQuote() {
    String schema =
        "{\"type\":\"object\",\"properties\":{\"forecast\":{\"type\":\"array\"},"
            + "\"temperature\":{\"type\":\"number\"}},\"additionalProperties\":false}";
    stops(schema, "{\"forecast': [], \"temperature\": 1}");
    lets(schema, "{\"forecast\": [], \"temperature\": 68.5}");
  }

  /** dottxt-ai/outlines-core 180: a schema that is none was taken. */
  @Test
  void whatIsNoSchemaIsRefused() {
    assertThatThrownBy(
            () ->
                Constraint.jsonSchema(
                    "{\"properties\":{\"a/b\":{\"type\":\"string\",\"required\":true}}}"))
        .isInstanceOf(PolyLmException.class)
        .hasMessage("schema, #/properties/a~1b/required: expected an array, found true");
    assertThatThrownBy(() -> Constraint.jsonSchema("{\"type\":\"strin\"}"))
        .hasMessage("schema, #/type: there is no type strin");
  }

  /** dottxt-ai/outlines-core 182: the format uri beside other properties broke the whole. */
  @Test
  void uriStandsAmongProperties() {
    String schema =
        "{\"type\":\"object\",\"properties\":{\"name\":{\"type\":\"string\"},"
            + "\"url\":{\"type\":\"string\",\"format\":\"uri\"}},\"required\":[\"name\",\"url\"]}";
    lets(schema, "{\"name\": \"x\", \"url\": \"https://example.org/a?b=c#d\"}");
    stops(schema, "{\"name\": \"x\", \"url\": \"//no scheme\"}");
  }

  /** dottxt-ai/outlines-core 231: escapes in strings were let through only in part. */
  @Test
  void stringsHaveTheirEscapes() {
    lets("{\"type\":\"string\"}", "\"a\\n\\t\\\"\\\\ \\u0001\"");
    stops("{\"type\":\"string\"}", "\"a\n\"");
    stops("{\"type\":\"string\"}", "\"a\\\"");
  }

  /** ggml-org/llama.cpp 19051: with a pattern that can't be read, generation went on without. */
  @Test
  void whatCannotBeReadIsRefused() {
    assertThatThrownBy(() -> Constraint.jsonSchema("{\"items\":{\"pattern\":\"^hello (there$\"}}"))
        .isInstanceOf(PolyLmException.class)
        .hasMessage(
            "schema, #/items/pattern: the pattern ^hello (there$ is not supported: a ) is missing,"
                + " at character 15");
    lets("{\"type\":\"string\",\"pattern\":\"^hello indeed\\\\!$\"}", "\"hello indeed!\"");
  }
}
