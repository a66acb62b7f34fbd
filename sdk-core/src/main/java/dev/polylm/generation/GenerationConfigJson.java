package dev.polylm.generation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polylm.InvalidSettingException;
import dev.polylm.PolyLmException;
import dev.polylm.internal.log.Slf4j;
import dev.polylm.internal.untrusted.JsonProblem;
import java.time.Duration;
import java.util.Map;

/** Settings as JSON, in the form of Hugging Face's generation_config.json. */
final class GenerationConfigJson {
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS) // shown as they were written
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private GenerationConfigJson() {}

  static String write(SettingValues values) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    for (Setting<?> setting : Settings.all()) {
      writeTo(object, setting, values);
    }
    return object.toString();
  }

  private static <T> void writeTo(ObjectNode object, Setting<T> setting, SettingValues values) {
    T value = values.get(setting);
    if (value != null) {
      object.set(setting.name(), setting.type().write(value));
    }
  }

  static SettingValues read(String json) {
    JsonNode object = parse(json);
    if (!object.isObject()) {
      throw new PolyLmException("generation config is not a JSON object: " + shorten(object));
    }
    SettingValues values = new SettingValues();
    for (Map.Entry<String, JsonNode> entry : object.properties()) {
      Setting<?> setting = Settings.named(entry.getKey());
      if (setting != null) {
        readFrom(entry.getValue(), setting, values);
      } else if (ForeignSettings.knows(entry.getKey())) {
        String unheeded = ForeignSettings.check(entry.getKey(), entry.getValue());
        if (unheeded != null) {
          warn(unheeded);
        }
      } else {
        throw unknown(entry.getKey());
      }
    }
    return values;
  }

  static SettingValues readTexts(Map<String, String> texts) {
    SettingValues values = new SettingValues();
    texts.forEach(
        (name, text) -> {
          Setting<?> setting = Settings.spelled(name);
          if (setting == null) {
            throw unknown(name);
          }
          readFrom(node(setting, text), setting, values);
        });
    return values;
  }

  /** Reads a text as JSON. A text that is not JSON is a string. */
  private static JsonNode node(Setting<?> setting, String text) {
    if (setting.type().equals(SettingType.STRING)) {
      return JsonNodeFactory.instance.textNode(text);
    }
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      return JsonNodeFactory.instance.textNode(text);
    }
  }

  /** Sets the setting of a name to a Java value. */
  static void set(String name, Object value, SettingValues values) {
    Setting<?> setting = Settings.named(name);
    if (setting == null) {
      throw unknown(name);
    }
    readFrom(node(value), setting, values);
  }

  private static JsonNode node(Object value) {
    if (value instanceof EarlyStopping early) {
      return SettingType.EARLY_STOPPING.write(early);
    }
    return JSON.valueToTree(value instanceof Duration time ? time.toNanos() / 1e9 : value);
  }

  private static JsonNode parse(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new PolyLmException("generation config is not JSON: " + JsonProblem.of(e), e);
    }
  }

  private static <T> void readFrom(JsonNode node, Setting<T> setting, SettingValues values) {
    if (node.isNull()) {
      return;
    }
    T value = setting.type().read(node);
    if (value == null) {
      throw new InvalidSettingException(
          setting.name(),
          "is %s, must be %s%s"
              .formatted(
                  shorten(node), setting.type().expected(), isTooLarge(node) ? " of 64 bits" : ""));
    }
    values.set(setting, value);
  }

  private static boolean isTooLarge(JsonNode node) {
    return node.isFloatingPointNumber() && !SettingType.isNumber(node);
  }

  private static PolyLmException unknown(String name) {
    return InvalidSettingException.unknown(shorten(name), "a generation setting", Settings.names());
  }

  /** Logs a warning. */
  static void warn(String sentence) {
    Slf4j.log(GenerationConfig.class.getName(), log -> log.warn(sentence));
  }

  /** Returns a name or a value in the form that messages show. */
  static String shorten(Object value) {
    String text = value.toString();
    return text.length() <= 80 ? text : text.substring(0, 80) + "...";
  }
}
