package dev.polylm.generation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polylm.PolyLmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The settings of Hugging Face's generation_config.json that this library does not offer
 * (GenerationConfig of transformers 4.57 and 5.17). A value that changes nothing passes. A value
 * that makes no difference here gives a warning. Any other value is an error.
 */
final class ForeignSettings {
  /** The names that describe the file, not generation. */
  private static final Set<String> METADATA =
      Set.of("transformers_version", "_from_model_config", "_commit_hash", "_original_object_hash");

  /** The settings that have no effect in this library, and why. */
  private static final Map<String, String> WITHOUT_EFFECT =
      Map.of(
          "return_dict_in_generate", "every result is an object",
          "decoder_start_token_id", "a decoder begins with the prompt",
          "compile_config", "nothing is compiled",
          "disable_compile", "nothing is compiled",
          "use_cache", "keys and values are always cached");

  /** The values of each name, besides null, that ask for nothing. */
  private static final Map<String, List<Object>> NEUTRAL = new HashMap<>();

  static {
    neutral(
        false,
        "output_attentions",
        "output_hidden_states",
        "output_scores",
        "output_logits",
        "low_memory",
        "token_healing",
        "is_assistant",
        "use_mtp");
    neutral(true, "use_cache");
    neutral(false, "return_dict_in_generate");
    neutral(1, "num_beam_groups");
    neutral(1.0, "encoder_repetition_penalty");
    neutral(0.0, "diversity_penalty", "penalty_alpha", "encoder_no_repeat_ngram_size");
    // These have no effect without an assistant model, which has its own null.
    neutral(5, "num_assistant_tokens");
    neutral(20, "num_assistant_tokens");
    neutral("constant", "num_assistant_tokens_schedule");
    neutral("heuristic", "num_assistant_tokens_schedule");
    neutral(0.4, "assistant_confidence_threshold");
    neutral(10, "assistant_lookbehind", "target_lookbehind");
    onlyNull(
        "cache_implementation",
        "cache_config",
        "max_cache_len",
        "return_legacy_cache",
        "prefill_chunk_size",
        "watermarking_config",
        "continuous_batching_config",
        "dola_layers",
        "constraints",
        "force_words_ids",
        "forced_decoder_ids",
        "assistant_early_exit",
        "assistant_ensemble_weight",
        "speculation_type");
  }

  private ForeignSettings() {}

  static boolean knows(String name) {
    return METADATA.contains(name) || WITHOUT_EFFECT.containsKey(name) || NEUTRAL.containsKey(name);
  }

  /**
   * Checks the value of a known name.
   *
   * @return a warning if the value asks for something that makes no difference here, else null
   * @throws PolyLmException if the value asks for something that makes a difference
   */
  static @Nullable String check(String name, JsonNode value) {
    List<Object> neutral = NEUTRAL.getOrDefault(name, List.of());
    if (METADATA.contains(name) || value.isNull() || asksNothing(value, neutral)) {
      return null;
    }
    String shown = GenerationConfigJson.shorten(value);
    String reason = WITHOUT_EFFECT.get(name);
    if (reason != null) {
      return "%s is %s, which has no effect: %s".formatted(name, shown, reason);
    }
    String expected = neutral.isEmpty() ? "" : " or " + neutral.get(0);
    throw new PolyLmException(
        "%s is %s, which is not supported; must be null%s".formatted(name, shown, expected));
  }

  /**
   * Returns a warning for each setting of a request that has no effect. Models' files usually have
   * these settings, so there they give no warning.
   */
  static List<String> unheeded(SettingValues values) {
    List<String> warnings = new ArrayList<>();
    if (values.isSet(Settings.BOS_TOKEN_ID)) {
      warnings.add(
          "bos_token_id is %s, which has no effect: the tokenizer begins a prompt"
              .formatted(values.get(Settings.BOS_TOKEN_ID)));
    }
    if (values.isSet(Settings.PAD_TOKEN_ID)) {
      warnings.add(
          "pad_token_id is %s, which has no effect: nothing is padded"
              .formatted(values.get(Settings.PAD_TOKEN_ID)));
    }
    return warnings;
  }

  private static boolean asksNothing(JsonNode value, List<Object> neutral) {
    return neutral.stream()
        .anyMatch(
            expected ->
                expected instanceof Number number
                    ? value.isNumber() && value.doubleValue() == number.doubleValue()
                    : value.asText().equals(expected.toString()) && value.isValueNode());
  }

  private static void neutral(Object value, String... names) {
    for (String name : names) {
      NEUTRAL.merge(name, List.of(value), (a, b) -> List.of(a.get(0), b.get(0)));
    }
  }

  private static void onlyNull(String... names) {
    for (String name : names) {
      NEUTRAL.put(name, List.of());
    }
  }
}
