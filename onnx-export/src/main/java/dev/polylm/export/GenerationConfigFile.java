package dev.polylm.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polylm.PolyLmException;
import dev.polylm.export.untrusted.JsonFile;
import dev.polylm.generation.GenerationConfig;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The defaults of generation: the checkpoint's own file, or one made of what config.json says. */
final class GenerationConfigFile {
  static final String NAME = "generation_config.json";
  private static final String CONFIG = "config.json";

  /** What LlamaTokenizer has where nothing is said: bos 1, eos 2, no pad. */
  private static final Map<String, Integer> DEFAULT_IDS =
      Map.of("bos_token_id", 1, "eos_token_id", 2);

  private GenerationConfigFile() {}

  /**
   * The file's contents for an export.
   *
   * @throws PolyLmException where the checkpoint's file is no JSON object or has settings that
   *     generation does not know, or config.json has ids that are none
   */
  static byte[] of(Path checkpoint, int vocabSize) {
    Path file = checkpoint.resolve(NAME);
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      byte[] content = JsonFile.content(file);
      check(JsonFile.parse(NAME + ":", content));
      return content;
    }
    ObjectNode config = JsonFile.read(checkpoint.resolve(CONFIG));
    ObjectNode made = JsonNodeFactory.instance.objectNode();
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

  /** Refuses what a model could later not be opened with. */
  private static void check(ObjectNode settings) {
    try {
      GenerationConfig.defaultsFromJson(settings.toString());
    } catch (PolyLmException e) {
      throw new PolyLmException("%s: %s".formatted(NAME, e.getMessage()), e);
    }
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
                .formatted(CONFIG, key, JsonFile.shown(ids), vocabSize - 1));
      }
    }
    return ids;
  }
}
