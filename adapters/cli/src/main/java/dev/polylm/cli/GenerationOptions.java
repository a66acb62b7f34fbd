package dev.polylm.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.polylm.PolyLmException;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.generation.GenerationSetting;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.ISetter;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.TypeConversionException;

/**
 * Adds an option for each generation setting: {@code num_beams} is {@code --num-beams}.
 *
 * <p>A value is written as in JSON. A text needs no quotes and may have the escapes of a prompt. A
 * list needs no brackets. A setting that is on or off needs no value to be on.
 */
final class GenerationOptions {
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private final ObjectNode values = JsonParts.object();

  /** Returns the settings given as options, as the object of a {@code config}. */
  String json() {
    return values.toString();
  }

  /**
   * Returns the settings given as options, as defaults of requests whose answers hold
   * log-probabilities.
   */
  String defaultsJson() {
    ObjectNode defaults = JsonParts.object().put("output_logprobs", true);
    return defaults.setAll(values).toString();
  }

  /** Adds the options to a command. */
  void addTo(CommandSpec command) {
    for (GenerationSetting setting : GenerationConfig.settings()) {
      command.addOption(option(setting));
    }
  }

  private OptionSpec option(GenerationSetting setting) {
    OptionSpec.Builder option =
        OptionSpec.builder("--" + setting.name().replace('_', '-'))
            .paramLabel("VALUE")
            .description(capitalized(setting.expected()) + ".");
    if (setting.isFlag()) {
      // With this, picocli takes only true and false as a flag's optional value, and never the
      // prompt after it.
      option.type(Boolean.class).arity("0..1").fallbackValue("true");
    } else {
      option.type(JsonNode.class).arity("1").converters(text -> value(setting, text));
    }
    return option.setter(new Store(setting.name())).build();
  }

  /** Keeps an option's value. picocli sets null first. */
  private final class Store implements ISetter {
    private final String name;

    Store(String name) {
      this.name = name;
    }

    @Override
    public <T> @Nullable T set(@Nullable T value) {
      if (value == null) {
        values.remove(name);
      } else {
        values.set(name, value instanceof Boolean on ? BooleanNode.valueOf(on) : (JsonNode) value);
      }
      return null;
    }
  }

  private static String capitalized(String text) {
    return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }

  /** Returns the first reading of a text that the setting accepts. */
  private static JsonNode value(GenerationSetting setting, String text) {
    PolyLmException refusal = null;
    for (JsonNode reading : readings(text)) {
      try {
        GenerationConfig.fromJson(JsonParts.object().set(setting.name(), reading).toString());
        return reading;
      } catch (PolyLmException e) {
        refusal = refusal == null ? e : refusal;
      }
    }
    throw new TypeConversionException(refusal == null ? text : refusal.getMessage());
  }

  /** Returns the possible readings of a text: JSON, a list's elements, plain text. */
  private static List<JsonNode> readings(String text) {
    List<JsonNode> readings = new ArrayList<>();
    for (String json : List.of(text, "[" + text + "]")) {
      try {
        readings.add(JSON.readTree(json));
      } catch (JsonProcessingException e) {
        // The setting does not accept this reading; try the next.
      }
    }
    readings.removeIf(reading -> reading.isTextual() || reading.isMissingNode());
    readings.add(TextNode.valueOf(new Escapes().convert(text)));
    return readings;
  }
}
