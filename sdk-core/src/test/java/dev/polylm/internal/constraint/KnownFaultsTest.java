package dev.polylm.internal.constraint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylm.PolyLmException;
import dev.polylm.constraint.Constraint;
import dev.polylm.internal.constraint.mask.Acceptance;
import dev.polylm.internal.constraint.schema.SchemaText;
import dev.polylm.internal.tool.Tool;
import dev.polylm.internal.tool.ToolUse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Faults that libraries of this kind had, each by its repository and number. */
final class KnownFaultsTest {
  private static void lets(String schema, String text) {
    assertThat(Acceptance.accepts(Constraint.jsonSchema(schema), text)).as(text).isTrue();
  }

  private static void stops(String schema, String text) {
    assertThat(Acceptance.accepts(Constraint.jsonSchema(schema), text)).as(text).isFalse();
  }

  /** mlc-ai/xgrammar 749 and 895: beside a pattern, the length was not looked at. */
  @Test
  void patternKeepsLength() {
    String schema =
        "{\"type\":\"string\",\"pattern\":\"^[a-z]+$\",\"minLength\":3,\"maxLength\":4}";
    lets(schema, "\"abc\"");
    stops(schema, "\"ab\"");
    stops(schema, "\"abcde\"");
    stops(schema, "\"abC\"");
  }

  /** mlc-ai/xgrammar 749: nor was it beside a format. */
  @Test
  void formatKeepsLength() {
    String schema = "{\"type\":\"string\",\"format\":\"ipv4\",\"minLength\":8,\"maxLength\":10}";
    lets(schema, "\"10.1.2.3\"");
    lets(schema, "\"10.20.30.4\"");
    stops(schema, "\"1.2.3.4\"");
    stops(schema, "\"10.20.30.40\"");
    stops(schema, "\"10.20.304\"");
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

  /** mlc-ai/xgrammar 826: beside propertyNames, the values' schema was not looked at. */
  @Test
  void propertyNamesKeepTheirValues() {
    String value =
        "{\"type\":\"object\",\"properties\":{\"n\":{\"type\":\"number\"}},"
            + "\"required\":[\"n\"],\"additionalProperties\":false}";
    String schema =
        "{\"type\":\"object\",\"propertyNames\":{\"maxLength\":2},\"additionalProperties\":"
            + value
            + "}";
    lets(schema, "{\"a\": {\"n\": 1}, \"bc\": {\"n\": 2.5}}");
    stops(schema, "{\"a\": \"plain\"}");
    stops(schema, "{\"a\": {}}");
    stops(schema, "{\"abc\": {\"n\": 1}}");
  }

  /** mlc-ai/xgrammar 826: a pattern with an alternative outside of groups let no text through. */
  @Test
  void alternativesNeedNoGroup() {
    String schema = "{\"type\":\"string\",\"pattern\":\"^[a-z]{2}$|^[0-9]+$|é\"}";
    lets(schema, "\"ab\"");
    lets(schema, "\"2026\"");
    lets(schema, "\"A éB\"");
    stops(schema, "\"abc\"");
    stops(schema, "\"20a\"");
  }

  /** mlc-ai/xgrammar 639: an enum without values let a member without a value through. */
  @Test
  void anEnumWithoutValuesLetsNothingThrough() {
    assertThatThrownBy(
            () ->
                Constraint.jsonSchema(
                    "{\"type\":\"object\",\"properties\":{\"x\":{\"enum\":[]}},"
                        + "\"required\":[\"x\"]}"))
        .isInstanceOf(PolyLmException.class)
        .hasMessage("no answer can satisfy the constraint jsonSchema");
    String optional = "{\"type\":\"object\",\"properties\":{\"x\":{\"enum\":[]}}}";
    lets(optional, "{}");
    stops(optional, "{\"x\": }");
    stops(optional, "{\"x\": null}");
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

  /** guidance-ai/llguidance 240: white space had no limit. */
  @Test
  void whiteSpaceEnds() {
    String schema = "{\"type\":\"object\",\"properties\":{\"message\":{\"type\":\"string\"}}}";
    lets(schema, "{ \"message\": \"Hello\" }");
    lets(schema, "{\n  \"message\": \"Hello\"\n}");
    lets(schema, "{\n" + " ".repeat(24) + "\"message\":\"Hello\"}");
    stops(schema, "{\n" + " ".repeat(25) + "\"message\":\"Hello\"}");
    stops(schema, "{   \"message\": \"Hello\"}");
    stops(schema, "{\"message\":   \"Hello\"}");
    stops(schema, "{\n\n\"message\": \"Hello\"}");
  }

  /** dottxt-ai/outlines-core 147: the bounds of numbers were not looked at. */
  @Test
  void boundsOfNumbersHold() {
    String schema = "{\"type\":\"number\",\"minimum\":0,\"exclusiveMaximum\":10}";
    lets(schema, "0");
    lets(schema, "9.75");
    stops(schema, "-1");
    stops(schema, "-0.5");
    stops(schema, "10");
    String integers = "{\"type\":\"integer\",\"exclusiveMinimum\":-3,\"maximum\":12}";
    lets(integers, "-2");
    lets(integers, "12");
    stops(integers, "-3");
    stops(integers, "13");
  }

  /** dottxt-ai/outlines-core 261: six keywords were not looked at. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'type':'integer','multipleOf':7} | 21 | 22",
        "{'type':'array','maxItems':3,'items':{'enum':[1,2,3]},'uniqueItems':true} | [2, 1] | [1, 1]",
        "{'type':'object','minProperties':1} | {'a': 1} | {}",
        "{'type':'object','maxProperties':1} | {'a': 1} | {'a': 1, 'b': 2}",
        "{'type':'object','properties':{'a':{},'b':{}},'dependentRequired':{'a':['b']}} |"
            + " {'a': 1, 'b': 2} | {'a': 1}",
        "{'type':'object','properties':{'id':{}},'patternProperties':{'^n_':{'type':'number'}}} |"
            + " {'id': 'x', 'n_a': 2} | {'id': 'x', 'n_a': 'x'}",
      })
  void keywordsThatAreEasilyForgottenHold(String schema, String valid, String invalid) {
    lets(schema.replace('\'', '"'), valid.replace('\'', '"'));
    stops(schema.replace('\'', '"'), invalid.replace('\'', '"'));
  }

  /** dottxt-ai/outlines-core 261: what can't be held is refused by its keyword. */
  @Test
  void containsIsRefusedByName() {
    assertThatThrownBy(
            () ->
                Constraint.jsonSchema(
                    "{\"properties\":{\"a\":{\"type\":\"array\",\"contains\":{\"const\":1}}}}"))
        .isInstanceOf(PolyLmException.class)
        .hasMessage("schema, #/properties/a/contains: contains is not supported by constraints");
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
            "schema, #/items/pattern: the pattern ^hello (there$ is not supported: a ) is missing, at"
                + " character 15");
    lets("{\"type\":\"string\",\"pattern\":\"^hello indeed\\\\!$\"}", "\"hello indeed!\"");
  }

  /** ggml-org/llama.cpp 25923: tools without arguments, or with long texts, broke all tools. */
  @Test
  void toolsMayHaveNoArgumentsOrLongOnes() {
    ToolUse use =
        new ToolUse(
            List.of(
                tool("none", "{\"type\":\"object\",\"properties\":{}}"),
                tool("any", "{\"type\":\"object\"}"),
                tool(
                    "write",
                    "{\"type\":\"object\",\"properties\":{\"text\":{\"type\":\"string\","
                        + "\"minLength\":1,\"maxLength\":2000},\"note\":{\"type\":\"string\","
                        + "\"maxLength\":65536}},\"required\":[\"text\"]}")),
            true,
            false,
            null);
    Constraint calls = use.constraint();
    String call = "{\"tool_calls\":[{\"name\":\"%s\",\"arguments\":%s}]}";
    assertThat(Acceptance.accepts(calls, call.formatted("none", "{}"))).isTrue();
    assertThat(Acceptance.accepts(calls, call.formatted("any", "{}"))).isTrue();
    assertThat(Acceptance.accepts(calls, call.formatted("write", "{\"text\":\"ab\"}"))).isTrue();
    assertThat(Acceptance.accepts(calls, call.formatted("write", "{\"text\":\"\"}"))).isFalse();
    assertThat(Acceptance.accepts(calls, call.formatted("write", "{}"))).isFalse();
    String longest = "{\"text\":\"" + "a".repeat(2_000);
    assertThat(Acceptance.accepts(calls, call.formatted("write", longest + "\"}"))).isTrue();
    assertThat(Acceptance.accepts(calls, call.formatted("write", longest + "a\"}"))).isFalse();
  }

  private static Tool tool(String name, String parameters) {
    return new Tool(name, null, SchemaText.parse(parameters));
  }

  /** ggml-org/llama.cpp 26596: the refusal named neither tool nor property nor keyword. */
  @Test
  void aRefusalNamesToolPropertyAndKeyword() {
    List<Tool> tools = new ArrayList<>();
    for (int i = 0; i < 34; i++) {
      String keyword = i == 20 ? "\"format\":\"idn-email\"" : "\"maxLength\":65536";
      tools.add(
          tool(
              "tool" + i,
              "{\"type\":\"object\",\"properties\":{\"text\":{\"type\":\"string\","
                  + keyword
                  + "}}}"));
    }
    ToolUse all = new ToolUse(tools, true, false, null);
    assertThatThrownBy(all::constraint)
        .isInstanceOf(PolyLmException.class)
        .hasMessage(
            "the tool tool20: schema, #/properties/text/format: the format idn-email is not"
                + " supported");
    tools.remove(20);
    assertThat(new ToolUse(tools, true, false, null).constraint()).isNotNull();
  }
}
