package dev.polylm.generation;

import dev.polylm.PolyLmException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a request. They have the names, defaults and meaning of GenerationConfig in
 * Hugging Face's transformers 5.17.0, except {@link #DEFAULT_MAX_NEW_TOKENS}. {@link
 * GenerationConfigBuilder} describes each setting and its range.
 *
 * <pre>{@code
 * GenerationConfig config =
 *     GenerationConfig.builder().doSample(true).temperature(0.7).maxNewTokens(100).build();
 * System.out.println(polyLm.generate("Once upon a time", config));
 * GenerationConfig same = GenerationConfig.fromJson(config.toJson());
 * }</pre>
 *
 * <p>If the request does not set a setting, the model's defaults apply; see {@link #over}. If
 * neither sets it, its getter returns the default of the setting.
 *
 * <p>Immutable and thread-safe. Two configs are equal if the same settings have the same values.
 */
public final class GenerationConfig {
  /**
   * The greatest number of new ids if neither the request nor the model's generation_config.json
   * sets a limit. An answer also ends where the model's context ends.
   */
  public static final int DEFAULT_MAX_NEW_TOKENS = 256;

  private final SettingValues values;

  GenerationConfig(SettingValues values) {
    this.values = values;
  }

  /** Returns all settings, under their names in JSON. */
  public static List<GenerationSetting> settings() {
    return Settings.descriptions();
  }

  /**
   * Returns true if the name is known in Hugging Face's generation_config.json, even if this
   * library has no such setting.
   */
  public static boolean knows(String name) {
    return Settings.named(name) != null || ForeignSettings.knows(name);
  }

  /** Returns a builder with nothing set. */
  public static GenerationConfigBuilder builder() {
    return new GenerationConfigBuilder(new SettingValues());
  }

  /** Returns a builder with these settings. */
  public GenerationConfigBuilder toBuilder() {
    return new GenerationConfigBuilder(new SettingValues(values));
  }

  /**
   * Reads a request's settings from JSON with Hugging Face's names. Null means not set.
   *
   * @throws PolyLmException if the text is not a JSON object, a key is unknown or not supported, a
   *     value has the wrong type or is out of range, or values contradict each other; the message
   *     names the key
   */
  public static GenerationConfig fromJson(String json) {
    SettingValues values = GenerationConfigJson.read(json);
    SettingRules.check(values, false);
    ForeignSettings.unheeded(values).forEach(GenerationConfigJson::warn);
    return new GenerationConfig(values);
  }

  /**
   * Reads a model's generation_config.json. Its settings count as inherited. A request's settings
   * take precedence over them. A setting without effect, such as a temperature without sampling, is
   * not an error.
   *
   * @throws PolyLmException as {@link #fromJson}, except that values may contradict each other
   */
  public static GenerationConfig defaultsFromJson(String json) {
    return new GenerationConfig(GenerationConfigJson.read(json).asInherited());
  }

  /**
   * Reads settings from an application's configuration. They count as inherited, as those of {@link
   * #defaultsFromJson} do.
   *
   * @param texts the settings by name. A name is Hugging Face's in any spelling, such as {@code
   *     num_beams} or {@code num-beams}. A value is JSON; quotes around a string may be left out.
   * @throws PolyLmException if a name is unknown, or a value has the wrong type or is out of range;
   *     the message names the setting
   */
  public static GenerationConfig defaultsFromTexts(Map<String, String> texts) {
    return new GenerationConfig(GenerationConfigJson.readTexts(texts).asInherited());
  }

  /**
   * Returns the settings that were set, as JSON with Hugging Face's names. {@link #fromJson} reads
   * it back.
   */
  public String toJson() {
    return GenerationConfigJson.write(values);
  }

  /**
   * Returns these settings over a model's defaults. A setting that is not set here has the value of
   * the defaults. Some settings exclude each other: max_length and max_new_tokens, min_length and
   * min_new_tokens, negative_prompt and negative_prompt_ids. If one of such a pair is set here,
   * neither is taken from the defaults.
   *
   * @throws PolyLmException if the merged settings contradict each other: a setting of this request
   *     would have no effect, or there can't be as many answers as wanted
   */
  public GenerationConfig over(GenerationConfig defaults) {
    SettingValues merged = values.over(defaults.values);
    SettingRules.check(merged, true);
    return new GenerationConfig(merged);
  }

  /**
   * Returns these settings over other settings, as {@link #over} does. Settings that neither has
   * may still come from a model's defaults.
   *
   * @throws PolyLmException if the settings contradict each other whatever the model's defaults are
   */
  public GenerationConfig orElse(GenerationConfig defaults) {
    SettingValues merged = values.over(defaults.values);
    SettingRules.check(merged, false);
    return new GenerationConfig(merged);
  }

  /**
   * Checks that all ids in the settings are in a vocabulary.
   *
   * @param vocabSize the number of the model's ids, which are 0 to vocabSize - 1
   * @throws PolyLmException if an id is not in the vocabulary; the message names the setting and
   *     the id
   */
  public void checkVocabulary(int vocabSize) {
    VocabularyCheck.check(this, vocabSize);
  }

  /**
   * Returns the greatest length of a row, prompt included: promptLength + max_new_tokens, else
   * max_length, else promptLength + {@value #DEFAULT_MAX_NEW_TOKENS}; never more than the model's
   * context.
   *
   * @param promptLength the prompt's ids, at least 1
   * @param contextLength the model's positions
   * @throws PolyLmException if the prompt leaves no room for a new id, or the least length is above
   *     the greatest length of the settings
   */
  public int maxLength(int promptLength, int contextLength) {
    return LengthLimits.maxLength(this, promptLength, contextLength);
  }

  /** Returns the greatest length, prompt included, or empty if it was not set. */
  public OptionalInt maxLength() {
    return OptionalValues.ofInt(values.get(Settings.MAX_LENGTH));
  }

  /** Returns the greatest number of new ids, or empty if it was not set. */
  public OptionalInt maxNewTokens() {
    return OptionalValues.ofInt(values.get(Settings.MAX_NEW_TOKENS));
  }

  /** Returns the least length, prompt included; 0 for none. */
  public int minLength() {
    return values.effective(Settings.MIN_LENGTH);
  }

  /**
   * Returns the least number of new ids, or empty if it was not set; it takes precedence over
   * {@link #minLength()}.
   */
  public OptionalInt minNewTokens() {
    return OptionalValues.ofInt(values.get(Settings.MIN_NEW_TOKENS));
  }

  /** Returns when beam search ends. */
  public EarlyStopping earlyStopping() {
    return values.effective(Settings.EARLY_STOPPING);
  }

  /** Returns how long generation may take, or empty if it was not set. */
  public Optional<Duration> maxTime() {
    return Optional.ofNullable(values.get(Settings.MAX_TIME)).map(OptionalValues::seconds);
  }

  /** Returns the strings that end the text. */
  public List<String> stopStrings() {
    return values.effective(Settings.STOP_STRINGS);
  }

  /** Returns whether the stop string stays in the text. */
  public boolean includeStopString() {
    return values.effective(Settings.INCLUDE_STOP_STRING);
  }

  /** Returns whether ids are drawn by probability. */
  public boolean doSample() {
    return values.effective(Settings.DO_SAMPLE);
  }

  /** Returns the number of beams; 1 means no beam search. */
  public int numBeams() {
    return values.effective(Settings.NUM_BEAMS);
  }

  /** Returns how many answers are wanted. */
  public int numReturnSequences() {
    return values.effective(Settings.NUM_RETURN_SEQUENCES);
  }

  /** Returns the exponent of the length in a beam's score. */
  public double lengthPenalty() {
    return values.effective(Settings.LENGTH_PENALTY);
  }

  /** Returns whether the same request always gives the same answer, bit for bit. */
  public boolean reproducible() {
    return values.effective(Settings.REPRODUCIBLE);
  }

  /** Returns the seed of the draws, or empty if it was not set. */
  public OptionalLong seed() {
    return OptionalValues.ofLong(values.get(Settings.SEED));
  }

  /** Returns the divisor of the logits. */
  public double temperature() {
    return values.effective(Settings.TEMPERATURE);
  }

  /** Returns how many of the likeliest ids may be drawn; 0 for all. */
  public int topK() {
    return values.effective(Settings.TOP_K);
  }

  /** Returns the sum of probability that selects the likeliest ids; 1 for all. */
  public double topP() {
    return values.effective(Settings.TOP_P);
  }

  /** Returns the least probability relative to the likeliest id's, or empty if it was not set. */
  public OptionalDouble minP() {
    return OptionalValues.ofDouble(values.get(Settings.MIN_P));
  }

  /** Returns the share of the entropy that is kept, or empty if it was not set. */
  public OptionalDouble topH() {
    return OptionalValues.ofDouble(values.get(Settings.TOP_H));
  }

  /** Returns the sum of probability that selects the most typical ids; 1 for all. */
  public double typicalP() {
    return values.effective(Settings.TYPICAL_P);
  }

  /** Returns the least probability of an id that may be drawn. */
  public double epsilonCutoff() {
    return values.effective(Settings.EPSILON_CUTOFF);
  }

  /**
   * Returns the least probability of an id that may be drawn, before it is lowered by the entropy.
   */
  public double etaCutoff() {
    return values.effective(Settings.ETA_CUTOFF);
  }

  /** Returns the penalty on ids that are in the prompt or the new text; 1 for none. */
  public double repetitionPenalty() {
    return values.effective(Settings.REPETITION_PENALTY);
  }

  /** Returns the penalty on an id for each time it is in the new text; 0 for none. */
  public double frequencyPenalty() {
    return values.effective(Settings.FREQUENCY_PENALTY);
  }

  /** Returns the penalty on ids that are in the new text; 0 for none. */
  public double presencePenalty() {
    return values.effective(Settings.PRESENCE_PENALTY);
  }

  /** Returns the length of id sequences that may occur only once; 0 for none. */
  public int noRepeatNgramSize() {
    return values.effective(Settings.NO_REPEAT_NGRAM_SIZE);
  }

  /** Returns the id sequences that must not occur. */
  public List<List<Integer>> badWordsIds() {
    return values.effective(Settings.BAD_WORDS_IDS);
  }

  /** Returns the numbers added to the logits of sequences' last ids. */
  public Map<List<Integer>, Double> sequenceBias() {
    return values.effective(Settings.SEQUENCE_BIAS);
  }

  /** Returns the numbers added to the logits of ids. */
  public Map<Integer, Double> logitBias() {
    return values.effective(Settings.LOGIT_BIAS);
  }

  /** Returns the ids that are never chosen. */
  public List<Integer> suppressTokens() {
    return values.effective(Settings.SUPPRESS_TOKENS);
  }

  /** Returns the ids that are not chosen as the first new id. */
  public List<Integer> beginSuppressTokens() {
    return values.effective(Settings.BEGIN_SUPPRESS_TOKENS);
  }

  /** Returns the id that follows a prompt of one id, or empty if it was not set. */
  public OptionalInt forcedBosTokenId() {
    return OptionalValues.ofInt(values.get(Settings.FORCED_BOS_TOKEN_ID));
  }

  /** Returns the ids that end a sequence of the greatest length; none if any id may be its last. */
  public List<Integer> forcedEosTokenId() {
    return values.effective(Settings.FORCED_EOS_TOKEN_ID);
  }

  /** Returns how fast the end grows likelier, or empty if it was not set. */
  public Optional<ExponentialDecay> exponentialDecayLengthPenalty() {
    return Optional.ofNullable(values.get(Settings.EXPONENTIAL_DECAY_LENGTH_PENALTY));
  }

  /** Returns whether processed logits are normalized to log-probabilities. */
  public boolean renormalizeLogits() {
    return values.effective(Settings.RENORMALIZE_LOGITS);
  }

  /** Returns whether NaN and infinite logits are replaced. */
  public boolean removeInvalidValues() {
    return values.effective(Settings.REMOVE_INVALID_VALUES);
  }

  /** Returns how far the answer is moved away from the negative prompt; 1 for not at all. */
  public double guidanceScale() {
    return values.effective(Settings.GUIDANCE_SCALE);
  }

  /** Returns the text that the answer is moved away from, or empty if it was not set. */
  public Optional<String> negativePrompt() {
    return Optional.ofNullable(values.get(Settings.NEGATIVE_PROMPT));
  }

  /** Returns the ids that the answer is moved away from, or empty if they were not set. */
  public Optional<List<Integer>> negativePromptIds() {
    return Optional.ofNullable(values.get(Settings.NEGATIVE_PROMPT_IDS));
  }

  /** Returns the id that begins a text, or empty if it was not set. */
  public OptionalInt bosTokenId() {
    return OptionalValues.ofInt(values.get(Settings.BOS_TOKEN_ID));
  }

  /** Returns the ids that end a text. */
  public List<Integer> eosTokenId() {
    return values.effective(Settings.EOS_TOKEN_ID);
  }

  /** Returns the id that pads rows, or empty if it was not set. */
  public OptionalInt padTokenId() {
    return OptionalValues.ofInt(values.get(Settings.PAD_TOKEN_ID));
  }

  /** Returns the largest number of ids to draft from the prompt, or empty if it was not set. */
  public OptionalInt promptLookupNumTokens() {
    return OptionalValues.ofInt(values.get(Settings.PROMPT_LOOKUP_NUM_TOKENS));
  }

  /** Returns how many ids are compared to find a place to draft from. */
  public int maxMatchingNgramSize() {
    return values.effective(Settings.MAX_MATCHING_NGRAM_SIZE);
  }

  /** Returns whether ids are also drafted from earlier answers of the model. */
  public boolean promptLookupAnswers() {
    return values.effective(Settings.PROMPT_LOOKUP_ANSWERS);
  }

  /** Returns whether the answer has the log-probability of each id. */
  public boolean outputLogprobs() {
    return values.effective(Settings.OUTPUT_LOGPROBS);
  }

  /** Returns how many of the likeliest ids the answer lists at each position. */
  public int topLogprobs() {
    return values.effective(Settings.TOP_LOGPROBS);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof GenerationConfig that && values.equals(that.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  /** Returns the settings as JSON, including negative prompts. */
  @Override
  public String toString() {
    return "GenerationConfig" + toJson();
  }
}
