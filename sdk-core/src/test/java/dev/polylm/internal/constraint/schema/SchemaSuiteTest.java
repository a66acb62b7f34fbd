package dev.polylm.internal.constraint.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.polylm.PolyLmException;
import dev.polylm.constraint.Constraint;
import dev.polylm.internal.constraint.mask.Acceptance;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Instances of the JSON Schema Test Suite, draft 2020-12, commit 44401e0c. */
final class SchemaSuiteTest {
  private static final String FOLDER = "/constraint/json-schema-test-suite/";

  /** Valid instances whose members are not in the order of the schema. */
  private static final Set<String> STOPPED =
      Set.of(
          "allOf with base schema: valid",
          "allOf: allOf",
          "const with object: same object with different property order is valid",
          "dependencies with escaped characters: quoted quotes",
          "multiple dependents required: with dependencies",
          "single dependency: with dependency");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "additionalProperties",
        "allOf",
        "anyOf",
        "boolean_schema",
        "const",
        "contains",
        "dependentRequired",
        "dependentSchemas",
        "enum",
        "exclusiveMaximum",
        "exclusiveMinimum",
        "if-then-else",
        "items",
        "maxItems",
        "maxLength",
        "maxProperties",
        "maximum",
        "minItems",
        "minLength",
        "minProperties",
        "minimum",
        "multipleOf",
        "not",
        "oneOf",
        "pattern",
        "patternProperties",
        "prefixItems",
        "properties",
        "propertyNames",
        "ref",
        "required",
        "type",
        "uniqueItems",
        "vocabulary"
      })
  void invalidInstancesAreStoppedAndValidOnesAreNot(String file) throws IOException {
    Set<String> stopped = new TreeSet<>();
    Set<String> letThrough = new TreeSet<>();
    for (JsonNode group : read(file)) {
      Constraint constraint = compiled(group.get("schema"));
      if (constraint == null) {
        continue;
      }
      for (JsonNode test : group.get("tests")) {
        boolean valid = test.get("valid").booleanValue();
        boolean accepted = Acceptance.accepts(constraint, JsonWriter.write(test.get("data")));
        String name = group.get("description").asText() + ": " + test.get("description").asText();
        if (accepted != valid) {
          (valid ? stopped : letThrough).add(name);
        }
      }
    }
    assertThat(letThrough).isEmpty();
    assertThat(STOPPED).containsAll(stopped);
  }

  /** Null where the schema is refused: by keyword and pointer, or because nothing is valid. */
  private static Constraint compiled(JsonNode schema) {
    try {
      return Constraint.jsonSchema(schema);
    } catch (PolyLmException e) {
      assertThat(e).message().matches("(?s)schema, #.*: .+|no answer can satisfy .+");
      return null;
    }
  }

  private static JsonNode read(String file) throws IOException {
    try (InputStream in = SchemaSuiteTest.class.getResourceAsStream(FOLDER + file + ".json")) {
      return new ObjectMapper().readTree(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
  }
}
