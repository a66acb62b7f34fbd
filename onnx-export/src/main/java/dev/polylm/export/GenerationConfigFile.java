package dev.polylm.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polylm.PolyLmException;
import dev.polylm.export.untrusted.JsonFile;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.internal.untrusted.Quoted;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The defaults of generation: the checkpoint's own file, or one made from config.json. */
final class GenerationConfigFile {
  static final String NAME = "generation_config.json";
  private static final String CONFIG = "config.json";

  /** LlamaTokenizer's defaults: bos 1, eos 2, no pad. */
  private static final Map<String, Integer> DEFAULT_IDS =
      Map.of("bos_token_id", 1, "eos_token_id", 2);

  /** Settings with ids. transformers never meets such an id if the model doesn't have it. */
  private static final Set<String> ID_KEYS =
      Set.of(
          "bos_token_id",
          "eos_token_id",
          "pad_token_id",
          "suppress_tokens",
          "begin_suppress_tokens");

  private final int vocabSize;
  private final List<String> warnings;

  private GenerationConfigFile(int vocabSize, List<String> warnings) {
    this.vocabSize = vocabSize;
    this.warnings = warnings;
  }

  /**
   * Returns the file's contents for an export. They leave out what transformers ignores: names that
   * it does not know, and ids outside the vocabulary.
   *
   * @param warnings gets a sentence for each thing that was left out
   * @throws PolyLmException if the checkpoint's file is not a JSON object or asks for what
   *     generation can't do, or if config.json has values that are not ids
   */
  static byte[] of(Path checkpoint, int vocabSize, List<String> warnings) {
    GenerationConfigFile maker = new GenerationConfigFile(vocabSize, warnings);
    Path file = checkpoint.resolve(NAME);
    return Files.exists(file, LinkOption.NOFOLLOW_LINKS)
        ? maker.cleaned(JsonFile.content(file))
        : maker.made(JsonFile.read(checkpoint.resolve(CONFIG)));
  }

  private byte[] cleaned(byte[] content) {
    ObjectNode settings = JsonFile.parse(NAME + ":", content);
    ObjectNode kept = JsonNodeFactory.instance.objectNode();
    for (Map.Entry<String, JsonNode> setting : settings.properties()) {
      String key = setting.getKey();
      if (ID_KEYS.contains(key)) {
        JsonNode ids = idsOfModel(NAME, key, setting.getValue());
        if (!ids.isMissingNode()) {
          kept.set(key, ids);
        }
      } else if (GenerationConfig.knows(key)) {
        kept.set(key, setting.getValue());
      } else {
        warnings.add(
            "%s: %s is not a generation setting and was left out".formatted(NAME, Quoted.of(key)));
      }
    }
    check(kept);
    return kept.equals(settings) ? content : bytes(kept);
  }

  private static byte[] bytes(ObjectNode settings) {
    return (settings.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Returns those ids that the model has, in the form in which they were given; missing if there
   * are none.
   */
  private JsonNode idsOfModel(String file, String key, JsonNode given) {
    Iterable<JsonNode> each = given.isArray() ? given : List.of(given);
    ArrayNode kept = JsonNodeFactory.instance.arrayNode();
    for (JsonNode id : each) {
      if (id.isIntegralNumber() && !isIdOfModel(id)) {
        warnings.add(
            "%s: %s names id %s, which is outside the vocabulary of %s; it was left out"
                .formatted(file, key, id, vocabSize));
      } else {
        kept.add(id);
      }
    }
    if (given.isArray() && (!kept.isEmpty() || given.isEmpty())) {
      return kept;
    }
    return kept.path(0);
  }

  private boolean isIdOfModel(JsonNode id) {
    return id.canConvertToInt() && id.intValue() >= 0 && id.intValue() < vocabSize;
  }

  private byte[] made(ObjectNode config) {
    ObjectNode made = JsonNodeFactory.instance.objectNode();
    for (String key : new String[] {"bos_token_id", "eos_token_id", "pad_token_id"}) {
      JsonNode ids = config.get(key);
      if (ids == null && DEFAULT_IDS.containsKey(key)) {
        made.put(key, DEFAULT_IDS.get(key));
      } else if (ids != null && !ids.isNull()) {
        JsonNode kept = idsOfModel(CONFIG, key, checked(key, ids));
        if (!kept.isMissingNode()) {
          made.set(key, kept);
        }
      }
    }
    return bytes(made);
  }

  /** Refuses what would later keep the model from being opened. */
  private static void check(ObjectNode settings) {
    try {
      GenerationConfig.defaultsFromJson(settings.toString());
    } catch (PolyLmException e) {
      throw new PolyLmException("%s: %s".formatted(NAME, e.getMessage()), e);
    }
  }

  private JsonNode checked(String key, JsonNode ids) {
    Iterable<JsonNode> each = ids.isArray() ? ids : List.of(ids);
    for (JsonNode id : each) {
      if (!id.isIntegralNumber()) {
        throw new PolyLmException(
            "%s: %s is %s, expected an id from 0 to %s or a list of such"
                .formatted(CONFIG, key, JsonFile.shown(ids), vocabSize - 1));
      }
    }
    return ids;
  }
}
