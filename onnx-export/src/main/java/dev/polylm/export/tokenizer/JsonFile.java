package dev.polylm.export.tokenizer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polylm.PolyLmException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The small JSON files beside a tokenizer.model, each of which may be absent. */
final class JsonFile {
  private static final long MAX_BYTES = 16L << 20;
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private JsonFile() {}

  /**
   * The object in a file, empty where there is no file.
   *
   * @throws PolyLmException where the file holds anything else
   */
  static ObjectNode readIfPresent(Path file) {
    if (!Files.exists(file)) {
      return JsonNodeFactory.instance.objectNode();
    }
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new PolyLmException(
            "%s: has %d bytes, expected at most %d".formatted(file, Files.size(file), MAX_BYTES));
      }
      JsonNode node = JSON.readTree(file.toFile());
      if (node instanceof ObjectNode object) {
        return object;
      }
      throw new PolyLmException(file + ": is no JSON object");
    } catch (JsonProcessingException e) {
      throw new PolyLmException(file + ": is no JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new PolyLmException(file + ": can't be read: " + e, e);
    }
  }

  /**
   * A setting that is true or false.
   *
   * @param fallback what an absent or null setting means
   */
  static boolean flag(ObjectNode object, String name, boolean fallback) {
    JsonNode value = object.path(name);
    if (value.isMissingNode() || value.isNull()) {
      return fallback;
    }
    if (!value.isBoolean()) {
      throw new PolyLmException("%s is %s, expected true or false".formatted(name, value));
    }
    return value.booleanValue();
  }
}
