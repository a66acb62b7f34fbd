package dev.polylm.export.adapter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polylm.PolyLmException;
import dev.polylm.export.untrusted.JsonFile;
import dev.polylm.internal.untrusted.Quoted;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The arithmetic that adapter_config.json describes.
 *
 * @param rank of modules that the rank pattern does not name
 * @param alpha of modules that the alpha pattern does not name
 * @param rankStabilized the scale is alpha / sqrt(rank), otherwise alpha / rank
 * @param rankPattern ranks of modules that a pattern names; the first match counts
 * @param alphaPattern alphas of modules that a pattern names; the first match counts
 */
record LoraConfig(
    int rank,
    double alpha,
    boolean rankStabilized,
    Map<ModulePattern, Integer> rankPattern,
    Map<ModulePattern, Double> alphaPattern) {
  static final String FILE_NAME = "adapter_config.json";

  /** A higher rank has no use: no matrix of a PolyLM has one. */
  private static final int MAX_RANK = 20_480;

  private static final Set<String> READ =
      Set.of("r", "lora_alpha", "use_rslora", "rank_pattern", "alpha_pattern", "peft_type", "bias");

  private static final Set<String> BIASES = Set.of("none", "all", "lora_only");

  /**
   * Settings that change nothing at inference. They say where the adapter came from, how it was
   * trained, and which modules it was put on or saved (its tensors say so too). fan_in_fan_out is
   * one of them, since PEFT sets it by the kind of module, whatever the file says.
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
          "modules_to_save",
          "peft_version",
          "qalora_group_size",
          "revision",
          "runtime_config",
          "target_modules",
          "task_type");

  /** Initializations that leave the base weights as they are; others, such as pissa, do not. */
  private static final Set<String> PLAIN_INITIALIZATIONS =
      Set.of("true", "false", "null", "\"gaussian\"", "\"orthogonal\"");

  /**
   * Reads a file.
   *
   * @throws PolyLmException if it is not the file of a LoRA adapter, or asks for anything that this
   *     package does not do
   */
  static LoraConfig read(Path file) {
    ObjectNode json = JsonFile.read(file);
    JsonNode type = json.path("peft_type");
    if (!type.asText().equals("LORA")) {
      throw bad("peft_type", type, "\"LORA\"");
    }
    JsonNode bias = json.path("bias");
    if (!bias.isMissingNode() && !BIASES.contains(bias.asText())) {
      throw bad("bias", bias, "\"none\", \"all\" or \"lora_only\"");
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

  private static <T> Map<ModulePattern, T> pattern(ObjectNode json, String name, Reader<T> reader) {
    JsonNode value = json.path(name);
    if (!value.isMissingNode() && !value.isNull() && !value.isObject()) {
      throw bad(name, value, "an object");
    }
    Map<ModulePattern, T> pattern = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : value.properties()) {
      ModulePattern key = ModulePattern.of(FILE_NAME + ": " + name, entry.getKey());
      pattern.put(key, reader.read(name + "." + Quoted.of(entry.getKey()), entry.getValue()));
    }
    return pattern;
  }

  private static PolyLmException bad(String name, JsonNode value, String expected) {
    return new PolyLmException(
        "%s: %s is %s, expected %s".formatted(FILE_NAME, name, JsonFile.shown(value), expected));
  }

  /** Returns the rank of a module, such as {@code transformer.h.0.attn.c_attn}. */
  int rank(String module) {
    return find(rankPattern, module, rank);
  }

  /** Returns the factor of a module's B A. */
  double scale(String module) {
    double alphaHere = find(alphaPattern, module, alpha);
    return alphaHere / (rankStabilized ? Math.sqrt(rank(module)) : rank(module));
  }

  /** Returns the keys of both patterns that match none of the modules, a sentence each. */
  List<String> unmatched(List<String> modules) {
    return Stream.concat(rankPattern.keySet().stream(), alphaPattern.keySet().stream())
        .filter(key -> modules.stream().noneMatch(key::matches))
        .map(key -> key + " names no module that the adapter changes; PEFT ignores it too")
        .toList();
  }

  private static <T> T find(Map<ModulePattern, T> pattern, String module, T otherwise) {
    return pattern.entrySet().stream()
        .filter(entry -> entry.getKey().matches(module))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(otherwise);
  }
}
