package dev.polylm.export.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polylm.PolyLmException;
import dev.polylm.export.untrusted.JsonFile;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads config.json as Hugging Face's GPT2Config does (transformers 5.17,
 * https://github.com/huggingface/transformers/blob/v5.17.0/src/transformers/models/gpt2/configuration_gpt2.py),
 * with its defaults for absent keys and its aliases of four keys. It ignores unknown keys, and keys
 * that don't change what the model computes.
 */
final class ConfigReader {
  private static final Set<String> MODEL_TYPES = Set.of("gpt2", "polylm");

  /**
   * Far beyond any model. It keeps products of two sizes within a long, and 4 n_embd within an int.
   */
  private static final int MAX_SIZE = 100_000_000;

  private static final int MAX_LAYERS = 10_000;

  private final String file;
  private final ObjectNode config;

  private ConfigReader(String file, ObjectNode config) {
    this.file = file;
    this.config = config;
  }

  /**
   * Reads and checks a config.json.
   *
   * @throws PolyLmException naming the key, its value and what is expected
   */
  static ModelConfig read(Path path) {
    return new ConfigReader(String.valueOf(path.getFileName()), JsonFile.read(path)).modelConfig();
  }

  private ModelConfig modelConfig() {
    checkModelType();
    checkSupported();
    int nEmbd = size("n_embd", "hidden_size", 768, MAX_SIZE);
    int nHead = size("n_head", "num_attention_heads", 12, MAX_SIZE);
    if (nEmbd % nHead != 0) {
      throw bad("n_head", String.valueOf(nHead), "a divisor of n_embd, which is " + nEmbd);
    }
    return new ModelConfig(
        size("vocab_size", null, 50257, MAX_SIZE),
        size("n_positions", "max_position_embeddings", 1024, MAX_SIZE),
        nEmbd,
        size("n_layer", "num_hidden_layers", 12, MAX_LAYERS),
        nHead,
        innerSize(nEmbd),
        activation(),
        epsilon(),
        flag("scale_attn_weights", true),
        flag("scale_attn_by_inverse_layer_idx", false),
        flag("tie_word_embeddings", true));
  }

  private void checkModelType() {
    JsonNode type = config.path("model_type");
    if (!type.isTextual() || !MODEL_TYPES.contains(type.textValue())) {
      throw bad("model_type", JsonFile.shown(type), "\"gpt2\" or \"polylm\"");
    }
  }

  private void checkSupported() {
    if (flag("add_cross_attention", false)) {
      throw bad("add_cross_attention", "true", "false: cross attention isn't supported");
    }
    JsonNode quantization = config.path("quantization_config");
    if (!quantization.isMissingNode() && !quantization.isNull()) {
      throw bad(
          "quantization_config", JsonFile.shown(quantization), "none: weights of full precision");
    }
  }

  private int size(String key, @Nullable String alias, int byDefault, int max) {
    boolean hasKey = config.has(key);
    if (alias == null || !config.has(alias)) {
      return hasKey ? size(key, max) : byDefault;
    }
    int value = size(alias, max);
    if (hasKey && size(key, max) != value) {
      throw bad(
          alias, String.valueOf(value), "the value of " + key + ", which is " + config.get(key));
    }
    return value;
  }

  private int size(String key, int max) {
    JsonNode value = config.path(key);
    if (!value.isIntegralNumber()
        || !value.canConvertToInt()
        || value.intValue() < 1
        || value.intValue() > max) {
      throw bad(key, JsonFile.shown(value), "a whole number from 1 to " + max);
    }
    return value.intValue();
  }

  private int innerSize(int nEmbd) {
    return config.path("n_inner").isNull() ? 4 * nEmbd : size("n_inner", null, 4 * nEmbd, MAX_SIZE);
  }

  private Activation activation() {
    if (!config.has("activation_function")) {
      return Activation.GELU_TANH;
    }
    JsonNode name = config.path("activation_function");
    return Activation.named(name.isTextual() ? name.textValue() : "")
        .orElseThrow(
            () ->
                bad(
                    "activation_function",
                    JsonFile.shown(name),
                    "one of " + String.join(", ", Activation.allNames())));
  }

  private float epsilon() {
    if (!config.has("layer_norm_epsilon")) {
      return 1e-5f;
    }
    JsonNode value = config.path("layer_norm_epsilon");
    float epsilon = value.isNumber() ? value.floatValue() : Float.NaN;
    if (!(epsilon > 0 && epsilon < 1)) {
      throw bad("layer_norm_epsilon", JsonFile.shown(value), "a number between 0 and 1");
    }
    return epsilon;
  }

  private boolean flag(String key, boolean byDefault) {
    JsonNode value = config.path(key);
    if (!value.isMissingNode() && !value.isBoolean()) {
      throw bad(key, JsonFile.shown(value), "true or false");
    }
    return value.asBoolean(byDefault);
  }

  private PolyLmException bad(String key, String found, String expected) {
    return new PolyLmException(file + ": " + key + " is " + found + ", expected " + expected);
  }
}
