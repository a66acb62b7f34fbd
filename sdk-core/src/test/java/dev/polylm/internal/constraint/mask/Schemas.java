package dev.polylm.internal.constraint.mask;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polylm.internal.constraint.schema.SchemaText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The schemas of {@code constraint/schemas.json}: every keyword that is held, at least once. */
final class Schemas {
  private Schemas() {}

  static List<JsonNode> all() {
    try (InputStream in = Schemas.class.getResourceAsStream("/constraint/schemas.json")) {
      List<JsonNode> schemas = new ArrayList<>();
      SchemaText.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8)).forEach(schemas::add);
      return schemas;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
