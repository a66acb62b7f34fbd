package dev.polylm.export;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polylm.PolyLmException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The defaults of generation: the checkpoint's own file, or one made of what config.json says. */
final class GenerationConfigFile {
  static final String NAME = "generation_config.json";
  private static final String CONFIG = "config.json";
  private static final int MAX_BYTES = 1 << 20;

  /** What LlamaTokenizer has where nothing is said: bos 1, eos 2, no pad. */
  private static final Map<String, Integer> DEFAULT_IDS =
      Map.of("bos_token_id", 1, "eos_token_id", 2);

  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private GenerationConfigFile() {}

  /**
   * The file's contents for an export.
   *
   * @throws PolyLmException where the checkpoint's file is no JSON object, or config.json has ids
   *     that are none
   */
  static byte[] of(Path checkpoint, int vocabSize) {
    Path file = checkpoint.resolve(NAME);
    if (Files.exists(file)) {
      byte[] content = read(file);
      parse(NAME, content);
      return content;
    }
    ObjectNode config = parse(CONFIG, read(checkpoint.resolve(CONFIG)));
    ObjectNode made = JSON.createObjectNode();
    for (String key : new String[] {"bos_token_id", "eos_token_id", "pad_token_id"}) {
      JsonNode ids = config.get(key);
      if (ids == null && DEFAULT_IDS.containsKey(key)) {
        made.put(key, DEFAULT_IDS.get(key));
      } else if (ids != null && !ids.isNull()) {
        made.set(key, checked(key, ids, vocabSize));
      }
    }
    return (made.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private static JsonNode checked(String key, JsonNode ids, int vocabSize) {
    Iterable<JsonNode> each = ids.isArray() ? ids : List.of(ids);
    for (JsonNode id : each) {
      if (!id.canConvertToInt()
          || !id.isIntegralNumber()
          || id.intValue() < 0
          || id.intValue() >= vocabSize) {
        throw new PolyLmException(
            "%s: %s is %s, expected an id from 0 to %d or a list of such"
                .formatted(CONFIG, key, ids, vocabSize - 1));
      }
    }
    return ids;
  }

  private static ObjectNode parse(String name, byte[] content) {
    try {
      if (JSON.readTree(content) instanceof ObjectNode object) {
        return object;
      }
    } catch (JsonProcessingException e) {
      throw new PolyLmException("%s: is no JSON: %s".formatted(name, e.getOriginalMessage()), e);
    } catch (IOException e) {
      throw new PolyLmException("%s: is no JSON: %s".formatted(name, e.getMessage()), e);
    }
    throw new PolyLmException("%s: is no JSON object".formatted(name));
  }

  private static byte[] read(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] content = in.readNBytes(MAX_BYTES + 1);
      if (content.length > MAX_BYTES) {
        throw new PolyLmException(
            "%s: has %d bytes, expected at most %d"
                .formatted(file.getFileName(), Files.size(file), MAX_BYTES));
      }
      return content;
    } catch (IOException e) {
      throw new PolyLmException(
          "%s: can't be read: %s".formatted(file.getFileName(), e.getMessage()), e);
    }
  }
}
