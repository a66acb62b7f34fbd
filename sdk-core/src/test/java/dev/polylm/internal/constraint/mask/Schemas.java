package dev.polylm.internal.constraint.mask;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polylm.internal.constraint.schema.SchemaText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Schemas to test with. */
final class Schemas {
  private static final Path SUITE = Path.of("src/test/resources/constraint/json-schema-test-suite");

  private Schemas() {}

  /** Those of {@code constraint/schemas.json}: every keyword that is held, at least once. */
  static List<JsonNode> all() {
    try (InputStream in = Schemas.class.getResourceAsStream("/constraint/schemas.json")) {
      List<JsonNode> schemas = new ArrayList<>();
      SchemaText.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8)).forEach(schemas::add);
      return schemas;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Those of the JSON Schema Test Suite, also the ones that constraints refuse. */
  static List<JsonNode> ofSuite() {
    List<JsonNode> schemas = new ArrayList<>();
    try (Stream<Path> files = Files.list(SUITE)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".json")).sorted().toList()) {
        SchemaText.parse(Files.readString(file)).forEach(group -> schemas.add(group.get("schema")));
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return schemas;
  }
}
