package dev.polylm.generation;

import static dev.polylm.generation.ListTypes.DECAY;
import static dev.polylm.generation.ListTypes.IDS;
import static dev.polylm.generation.ListTypes.ID_OR_IDS;
import static dev.polylm.generation.ListTypes.SEQUENCES;
import static dev.polylm.generation.ListTypes.STRINGS;
import static dev.polylm.generation.SettingType.BOOLEAN;
import static dev.polylm.generation.SettingType.INTEGER;
import static dev.polylm.generation.SettingType.LONG;
import static dev.polylm.generation.SettingType.NUMBER;
import static dev.polylm.generation.SettingType.STRING;

import dev.polylm.internal.untrusted.NearestNames;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The table of settings. Defaults are those of {@code
 * GenerationConfig._get_default_generation_params} in transformers 5.17.0.
 */
final class Settings {
  private static final Map<String, Setting<?>> TABLE = new LinkedHashMap<>();

  static final Setting<Integer> MAX_LENGTH = optional("max_length", INTEGER, Range.atLeast(1));
  static final Setting<Integer> MAX_NEW_TOKENS =
      optional("max_new_tokens", INTEGER, Range.atLeast(1));
  static final Setting<Integer> MIN_LENGTH = setting("min_length", INTEGER, 0, Range.atLeast(0));
  static final Setting<Integer> MIN_NEW_TOKENS =
      optional("min_new_tokens", INTEGER, Range.atLeast(0));
  static final Setting<EarlyStopping> EARLY_STOPPING =
      setting("early_stopping", SettingType.EARLY_STOPPING, EarlyStopping.FALSE, Range.any());
  static final Setting<Double> MAX_TIME = optional("max_time", NUMBER, Range.seconds());
  static final Setting<List<String>> STOP_STRINGS =
      setting("stop_strings", STRINGS, List.of(), Range.nonEmptyStrings());
  static final Setting<Boolean> INCLUDE_STOP_STRING =
      setting("include_stop_string", BOOLEAN, false, Range.any());
  static final Setting<Boolean> DO_SAMPLE = setting("do_sample", BOOLEAN, false, Range.any());
  static final Setting<Integer> NUM_BEAMS = setting("num_beams", INTEGER, 1, Range.atLeast(1));
  static final Setting<Integer> NUM_RETURN_SEQUENCES =
      setting("num_return_sequences", INTEGER, 1, Range.atLeast(1));
  static final Setting<Double> LENGTH_PENALTY =
      setting("length_penalty", NUMBER, 1.0, Range.finite());
  static final Setting<Long> SEED = optional("seed", LONG, Range.any());
  static final Setting<Boolean> REPRODUCIBLE = setting("reproducible", BOOLEAN, false, Range.any());
  static final Setting<Double> TEMPERATURE = setting("temperature", NUMBER, 1.0, Range.above0());
  static final Setting<Integer> TOP_K = setting("top_k", INTEGER, 50, Range.atLeast(0));
  static final Setting<Double> TOP_P = setting("top_p", NUMBER, 1.0, Range.closed(0, 1));
  static final Setting<Double> MIN_P = optional("min_p", NUMBER, Range.closed(0, 1));
  static final Setting<Double> TOP_H = optional("top_h", NUMBER, Range.above0To1());
  static final Setting<Double> TYPICAL_P = setting("typical_p", NUMBER, 1.0, Range.above0To1());
  static final Setting<Double> EPSILON_CUTOFF =
      setting("epsilon_cutoff", NUMBER, 0.0, Range.from0Below1());
  static final Setting<Double> ETA_CUTOFF = setting("eta_cutoff", NUMBER, 0.0, Range.from0Below1());
  static final Setting<Double> REPETITION_PENALTY =
      setting("repetition_penalty", NUMBER, 1.0, Range.above0());
  static final Setting<Double> FREQUENCY_PENALTY =
      setting("frequency_penalty", NUMBER, 0.0, Range.closed(-2, 2));
  static final Setting<Double> PRESENCE_PENALTY =
      setting("presence_penalty", NUMBER, 0.0, Range.closed(-2, 2));
  static final Setting<Integer> NO_REPEAT_NGRAM_SIZE =
      setting("no_repeat_ngram_size", INTEGER, 0, Range.atLeast(0));
  static final Setting<List<List<Integer>>> BAD_WORDS_IDS =
      setting("bad_words_ids", SEQUENCES, List.of(), Range.sequences());
  static final Setting<Map<List<Integer>, Double>> SEQUENCE_BIAS =
      setting("sequence_bias", ListTypes.SEQUENCE_BIAS, Map.of(), Range.sequenceBiases());
  static final Setting<Map<Integer, Double>> LOGIT_BIAS =
      setting("logit_bias", ListTypes.LOGIT_BIAS, Map.of(), Range.biases());
  static final Setting<List<Integer>> SUPPRESS_TOKENS =
      setting("suppress_tokens", IDS, List.of(), Range.ids());
  static final Setting<List<Integer>> BEGIN_SUPPRESS_TOKENS =
      setting("begin_suppress_tokens", IDS, List.of(), Range.ids());
  static final Setting<Integer> FORCED_BOS_TOKEN_ID =
      optional("forced_bos_token_id", INTEGER, Range.atLeast(0));
  static final Setting<List<Integer>> FORCED_EOS_TOKEN_ID =
      setting("forced_eos_token_id", ID_OR_IDS, List.of(), Range.ids());
  static final Setting<ExponentialDecay> EXPONENTIAL_DECAY_LENGTH_PENALTY =
      optional("exponential_decay_length_penalty", DECAY, Range.decay());
  static final Setting<Boolean> RENORMALIZE_LOGITS =
      setting("renormalize_logits", BOOLEAN, false, Range.any());
  static final Setting<Boolean> REMOVE_INVALID_VALUES =
      setting("remove_invalid_values", BOOLEAN, false, Range.any());
  static final Setting<Double> GUIDANCE_SCALE =
      setting("guidance_scale", NUMBER, 1.0, Range.finite());
  static final Setting<String> NEGATIVE_PROMPT = optional("negative_prompt", STRING, Range.any());
  static final Setting<List<Integer>> NEGATIVE_PROMPT_IDS =
      optional("negative_prompt_ids", IDS, Range.someIds());
  static final Setting<Integer> BOS_TOKEN_ID = optional("bos_token_id", INTEGER, Range.atLeast(0));
  static final Setting<List<Integer>> EOS_TOKEN_ID =
      setting("eos_token_id", ID_OR_IDS, List.of(), Range.ids());
  static final Setting<Integer> PAD_TOKEN_ID = optional("pad_token_id", INTEGER, Range.atLeast(0));
  static final Setting<Integer> PROMPT_LOOKUP_NUM_TOKENS =
      optional("prompt_lookup_num_tokens", INTEGER, Range.atLeast(1));
  static final Setting<Integer> MAX_MATCHING_NGRAM_SIZE =
      setting("max_matching_ngram_size", INTEGER, 2, Range.atLeast(1));
  static final Setting<Boolean> PROMPT_LOOKUP_ANSWERS =
      setting("prompt_lookup_answers", BOOLEAN, false, Range.any());
  static final Setting<Boolean> OUTPUT_LOGPROBS =
      setting("output_logprobs", BOOLEAN, false, Range.any());
  static final Setting<Integer> TOP_LOGPROBS =
      setting("top_logprobs", INTEGER, 0, Range.atLeast(0));

  private Settings() {}

  /** Returns all settings, in the table's order. */
  static Iterable<Setting<?>> all() {
    return TABLE.values();
  }

  /** Returns the names of all settings. */
  static Set<String> names() {
    return Collections.unmodifiableSet(TABLE.keySet());
  }

  /** Returns descriptions of all settings, for programs that offer them. */
  static List<GenerationSetting> descriptions() {
    return TABLE.values().stream()
        .map(
            setting ->
                new GenerationSetting(
                    setting.name(), setting.type().expected(), setting.type().equals(BOOLEAN)))
        .toList();
  }

  /** Returns the setting of a name, or null if there is none. */
  static @Nullable Setting<?> named(String name) {
    return TABLE.get(name);
  }

  /** Returns the setting of a name in any spelling, or null if there is none. */
  static @Nullable Setting<?> spelled(String name) {
    String plain = NearestNames.plain(name);
    return TABLE.values().stream()
        .filter(setting -> NearestNames.plain(setting.name()).equals(plain))
        .findFirst()
        .orElse(null);
  }

  private static <T> Setting<T> setting(
      String name, SettingType<T> type, T defaultValue, Range<T> range) {
    return entry(new Setting<>(name, type, defaultValue, range));
  }

  private static <T> Setting<T> optional(String name, SettingType<T> type, Range<T> range) {
    return entry(new Setting<>(name, type, null, range));
  }

  private static <T> Setting<T> entry(Setting<T> setting) {
    TABLE.put(setting.name(), setting);
    return setting;
  }
}
