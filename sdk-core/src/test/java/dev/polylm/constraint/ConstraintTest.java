package dev.polylm.constraint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.polylm.PolyLmException;
import dev.polylm.internal.constraint.mask.Acceptance;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ConstraintTest {
  @Test
  void aChoiceIsOneOfItsTexts() {
    Constraint choice = Constraint.choice(List.of("good", "go", "日本 \"x\"", "go"));
    for (String text : List.of("good", "go", "日本 \"x\"")) {
      assertThat(Acceptance.accepts(choice, text)).isTrue();
    }
    for (String text : List.of("", "g", "goo", "goodgo", "日本")) {
      assertThat(Acceptance.accepts(choice, text)).isFalse();
    }
  }

  @Test
  void aChoiceOfManyTextsKeepsThemApart() {
    List<String> options = new ArrayList<>();
    for (int i = 0; i < 20_000; i += 7) {
      options.add(Integer.toString(i));
    }
    Constraint choice = Constraint.choice(options);
    for (int i = 0; i < 3_000; i++) {
      assertThat(Acceptance.accepts(choice, Integer.toString(i))).isEqualTo(i % 7 == 0);
    }
  }

  @Test
  void integersAndTruthValues() {
    for (String text : List.of("0", "-12", "100")) {
      assertThat(Acceptance.accepts(Constraint.integer(), text)).isTrue();
    }
    for (String text : List.of("", "-", "01", "1.0", "+1", "1 ")) {
      assertThat(Acceptance.accepts(Constraint.integer(), text)).isFalse();
    }
    assertThat(Acceptance.accepts(Constraint.bool(), "true")).isTrue();
    assertThat(Acceptance.accepts(Constraint.bool(), "True")).isFalse();
  }

  @Test
  void anyJson() {
    for (String text : List.of("null", "[1, {\"a\": \"b\"}]", "{\n  \"x\": -1.5e+9\n}", "\"\"")) {
      assertThat(Acceptance.accepts(Constraint.json(), text)).as(text).isTrue();
    }
    for (String text : List.of("", "[1,]", "{\"a\"}", "'a'", "nul", "[1] ")) {
      assertThat(Acceptance.accepts(Constraint.json(), text)).as(text).isFalse();
    }
  }

  @Test
  void schemasComeAsTextOrTree() throws Exception {
    String schema = "{\"type\":\"array\",\"items\":{\"type\":\"integer\",\"minimum\":3}}";
    Constraint tree = Constraint.jsonSchema(new ObjectMapper().readTree(schema));
    assertThat(Acceptance.accepts(tree, "[3, 44]")).isTrue();
    assertThat(Acceptance.accepts(tree, "[2]")).isFalse();
    assertThat(Constraint.jsonSchema(schema)).isSameAs(Constraint.jsonSchema(schema));
    assertThat(Constraint.regex("a+")).isSameAs(Constraint.regex("a+")).hasToString("regex a+");
  }

  @Test
  void listsOfTextsAreCompiledOnce() {
    Constraint choice = Constraint.choice(List.of("a", "b"));
    assertThat(choice).isSameAs(Constraint.choice(List.of("a", "b")));
    assertThat(choice).isNotSameAs(Constraint.choice(List.of("a1:b")));
    List<List<String>> phrases = List.of(List.of("a", "b"), List.of("c"));
    Constraint containing = Constraint.containing(phrases);
    assertThat(containing).isSameAs(Constraint.containing(phrases));
    assertThat(containing)
        .isNotSameAs(Constraint.containing(List.of(List.of("a"), List.of("b", "c"))));
  }

  /** One place in an answer is enough for all of them, with beams too. */
  @Test
  void aPhraseThatIsGivenTwiceMustOccurOnce() {
    Constraint once = Constraint.containing(List.of(List.of("a", "b"), List.of("c")));
    List<List<String>> twice = List.of(List.of("a", "b"), List.of("c"), List.of("b", "a", "a"));
    assertThat(Constraint.containing(twice)).isSameAs(once);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '~',
      value = {
        "{\"contains\": {}}; #/contains: contains is not supported by constraints",
        "{\"items\": {\"$dynamicRef\": \"#x\"}}; #/items/$dynamicRef: $dynamicRef is not supported"
            + " by constraints",
        "{\"$ref\": \"other.json\"}; #/$ref: $ref can only refer to #/.. in the same schema, found"
            + " other.json",
        "{\"$ref\": \"#/$defs/x\"}; #/$ref: there is no #/$defs/x",
        "{\"$ref\": \"#\"}; #: a schema's references form a circle, or follow one another too"
            + " often",
        "{\"format\": \"idn-email\"}; #/format: the format idn-email is not supported",
        "{\"uniqueItems\": true}; #/uniqueItems: uniqueItems is supported only for arrays of up to"
            + " 1"
            + " item, or items of up to 10 values",
        "{\"not\": {\"items\": {\"type\": \"null\"}}}; #/not/items: items is not supported under"
            + " not",
        "{\"minLength\": -1}; #/minLength: expected a non-negative integer, found -1",
        "{\"multipleOf\": 0}; #/multipleOf: expected a number above 0",
        "{\"minProperties\": 3}; #/minProperties: only one member without a fixed name can be"
            + " counted, since names may repeat",
        "{\"properties\": {\"a\": 3}}; #/properties/a: a schema is an object, true or false",
        "{\"$schema\": \"https://example.org/own\"}; #/$schema: expected one of JSON Schema's"
            + " drafts 4 to 2020-12, found https://example.org/own",
        "{\"allOf\": [{\"$id\": \"http://x/\", \"$ref\": \"#/allOf\"}]}; #/allOf/0/$ref: $ref is"
            + " not supported in a schema with its own $id",
        "{\"unevaluatedProperties\": false, \"allOf\": []}; #/unevaluatedProperties:"
            + " unevaluatedProperties is not supported beside other schemas"
      })
  void whatCannotBeHeldIsRefusedByKeywordAndPointer(String schema, String message) {
    assertThatThrownBy(() -> Constraint.jsonSchema(schema))
        .isInstanceOf(PolyLmException.class)
        .hasMessage("schema, " + message);
  }

  @Test
  void annotationsAndUnknownKeywordsAreLeftOut() {
    Constraint constraint =
        Constraint.jsonSchema(
            "{\"title\": \"x\", \"x-own\": [1], \"default\": 3, \"deprecated\": true, \"type\":"
                + " \"null\"}");
    assertThat(Acceptance.accepts(constraint, "null")).isTrue();
    assertThat(Acceptance.accepts(constraint, "3")).isFalse();
  }

  @Test
  void whatNoAnswerCanSatisfyIsRefused() {
    assertThatThrownBy(() -> Constraint.regex("a(?!b)b"))
        .isInstanceOf(PolyLmException.class)
        .hasMessage("no answer can satisfy the constraint regex a(?!b)b");
    assertThatThrownBy(() -> Constraint.jsonSchema("{\"type\":\"string\",\"enum\":[1]}"))
        .hasMessage("no answer can satisfy the constraint jsonSchema");
    assertThatThrownBy(() -> Constraint.choice(List.of()))
        .hasMessage("a choice needs at least one option, found none");
    assertThatThrownBy(() -> Constraint.jsonSchema("{\"a\": 1, \"a\": 2}"))
        .hasMessageStartingWith("the schema is not JSON: Duplicate field 'a'");
  }
}
