package dev.polylm.generation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.polylm.PolyLmException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The names that Hugging Face's generation_config.json knows and this library does not offer
 * (GenerationConfig of transformers 4.57 and 5.17). They are let through where they say what holds
 * anyway, and refused where they ask for something.
 */
final class ForeignSettings {
  /** What generation does not depend on. */
  private static final Set<String> WITHOUT_EFFECT =
      Set.of(
          "transformers_version",
          "_from_model_config",
          "_commit_hash",
          "_original_object_hash",
          "return_dict_in_generate",
          "decoder_start_token_id",
          "compile_config",
          "disable_compile",
          "use_cache"); // false in checkpoints that were trained with gradient checkpointing

  /** Names and the values, beside null, that ask for nothing. */
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
    neutral(1, "num_beam_groups");
    neutral(1.0, "encoder_repetition_penalty");
    neutral(0.0, "diversity_penalty", "penalty_alpha", "encoder_no_repeat_ngram_size");
    // Of no effect without an assistant model, which is a null of its own.
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
    return WITHOUT_EFFECT.contains(name) || NEUTRAL.containsKey(name);
  }

  /**
   * Lets a known name through.
   *
   * @throws PolyLmException where its value asks for something
   */
  static void check(String name, JsonNode value) {
    List<Object> neutral = NEUTRAL.getOrDefault(name, List.of());
    if (WITHOUT_EFFECT.contains(name) || value.isNull() || asksNothing(value, neutral)) {
      return;
    }
    String expected = neutral.isEmpty() ? "" : " or " + neutral.get(0);
    throw new PolyLmException(
        "%s is %s, which is not supported; must be null%s"
            .formatted(name, GenerationConfigJson.shorten(value), expected));
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
