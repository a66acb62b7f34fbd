package dev.polylm.export.adapter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polylm.PolyLmException;
import dev.polylm.export.untrusted.JsonFile;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What adapter_config.json says of the arithmetic.
 *
 * @param rank of modules that the rank pattern does not name
 * @param alpha of modules that the alpha pattern does not name
 * @param rankStabilized the scale is alpha / sqrt(rank), otherwise alpha / rank
 * @param rankPattern ranks by a module's name or its end, the first that fits counts
 * @param alphaPattern alphas by a module's name or its end, the first that fits counts
 */
record LoraConfig(
    int rank,
    double alpha,
    boolean rankStabilized,
    Map<String, Integer> rankPattern,
    Map<String, Double> alphaPattern) {
  static final String FILE_NAME = "adapter_config.json";

  /** More has no use: no matrix of a PolyLM has a higher rank. */
  private static final int MAX_RANK = 20_480;

  private static final Set<String> READ =
      Set.of("r", "lora_alpha", "use_rslora", "rank_pattern", "alpha_pattern", "peft_type");

  /**
   * What changes nothing at inference: where the adapter came from, how it was trained, which
   * modules it was put on (its tensors tell), and fan_in_fan_out, which PEFT itself sets by the
   * kind of module it meets, whatever the file says.
   */
  private static final Set<String> WITHOUT_EFFECT =
      Set.of(
          "auto_mapping",
          "base_model_name_or_path",
          "ensure_weight_tying",
          "exclude_modules",
          "fan_in_fan_out",
          "inference_mode",
          "layers_pattern",
          "layers_to_transform",
          "lora_dropout",
          "megatron_core",
          "peft_version",
          "qalora_group_size",
          "revision",
          "runtime_config",
          "target_modules",
          "task_type");

  /** Initializations that leave the base weights as they are; others, such as pissa, do not. */
  private static final Set<String> PLAIN_INITIALIZATIONS =
      Set.of("true", "false", "null", "\"gaussian\"", "\"orthogonal\"");

  /** A module's name. PEFT takes regular expressions, which a stranger's file must not bring. */
  private static final Pattern MODULE = Pattern.compile("[A-Za-z0-9_.]{1,200}");

  /**
   * Reads a file.
   *
   * @throws PolyLmException where it is no LoRA adapter's, or asks for anything that this package
   *     does not do
   */
  static LoraConfig read(Path file) {
    ObjectNode json = JsonFile.read(file);
    JsonNode type = json.path("peft_type");
    if (!type.asText().equals("LORA")) {
      throw bad("peft_type", type, "\"LORA\"");
    }
    json.properties().forEach(setting -> refuseUnknown(setting.getKey(), setting.getValue()));
    return new LoraConfig(
        rank("r", json.path("r")),
        alpha("lora_alpha", json.path("lora_alpha")),
        flag(json, "use_rslora"),
        pattern(json, "rank_pattern", LoraConfig::rank),
        pattern(json, "alpha_pattern", LoraConfig::alpha));
  }

  private static void refuseUnknown(String name, JsonNode value) {
    if (name.equals("init_lora_weights")) {
      if (!PLAIN_INITIALIZATIONS.contains(value.toString())) {
        throw bad(name, value, "true, false, \"gaussian\" or \"orthogonal\"");
      }
    } else if (!READ.contains(name) && !WITHOUT_EFFECT.contains(name) && !isOff(value)) {
      throw bad(name, value, "it to be off, as it changes what the model computes");
    }
  }

  private static boolean isOff(JsonNode value) {
    return value.isNull()
        || (value.isBoolean() && !value.booleanValue())
        || (value.isContainerNode() && value.isEmpty())
        || value.asText().equals("none");
  }

  private static int rank(String name, JsonNode value) {
    if (!value.isIntegralNumber()
        || !value.canConvertToInt()
        || value.intValue() < 1
        || value.intValue() > MAX_RANK) {
      throw bad(name, value, "a whole number from 1 to " + MAX_RANK);
    }
    return value.intValue();
  }

  private static double alpha(String name, JsonNode value) {
    if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
      throw bad(name, value, "a number");
    }
    return value.doubleValue();
  }

  private static boolean flag(ObjectNode json, String name) {
    JsonNode value = json.path(name);
    if (!value.isMissingNode() && !value.isBoolean()) {
      throw bad(name, value, "true or false");
    }
    return value.booleanValue();
  }

  private interface Reader<T> {
    T read(String name, JsonNode value);
  }

  private static <T> Map<String, T> pattern(ObjectNode json, String name, Reader<T> reader) {
    JsonNode value = json.path(name);
    if (!value.isMissingNode() && !value.isNull() && !value.isObject()) {
      throw bad(name, value, "an object");
    }
    Map<String, T> pattern = new LinkedHashMap<>();
    value
        .properties()
        .forEach(
            entry -> {
              if (!MODULE.matcher(entry.getKey()).matches()) {
                throw new PolyLmException(
                    "%s: %s has a key that is no module's name, expected letters, digits, _ and ."
                        .formatted(FILE_NAME, name));
              }
              pattern.put(
                  entry.getKey(), reader.read(name + "." + entry.getKey(), entry.getValue()));
            });
    return pattern;
  }

  private static PolyLmException bad(String name, JsonNode value, String expected) {
    return new PolyLmException(
        "%s: %s is %s, expected %s".formatted(FILE_NAME, name, JsonFile.shown(value), expected));
  }

  /** The rank of a module, such as {@code transformer.h.0.attn.c_attn}. */
  int rank(String module) {
    return find(rankPattern, module, rank);
  }

  /** What B A of a module is multiplied with. */
  double scale(String module) {
    double alphaHere = find(alphaPattern, module, alpha);
    return alphaHere / (rankStabilized ? Math.sqrt(rank(module)) : rank(module));
  }

  private static <T> T find(Map<String, T> pattern, String module, T otherwise) {
    return pattern.entrySet().stream()
        .filter(entry -> ("." + module).endsWith("." + entry.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(otherwise);
  }
}
