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
 * GenerationConfigBuilder} says what each setting does, and its range.
 *
 * <pre>{@code
 * GenerationConfig config =
 *     GenerationConfig.builder().doSample(true).temperature(0.7).maxNewTokens(100).build();
 * System.out.println(polyLm.generate("Once upon a time", config));
 * GenerationConfig same = GenerationConfig.fromJson(config.toJson());
 * }</pre>
 *
 * <p>The model's defaults can give a setting that the request does not set; see {@link #over}. A
 * getter of a setting that nobody set returns its default.
 *
 * <p>Immutable and thread-safe. Two configs are equal if the same settings have the same values.
 */
public final class GenerationConfig {
  /**
   * How many new ids an answer may have if neither the request nor the model's
   * generation_config.json says. The answer ends earlier where the model's context ends.
   */
  public static final int DEFAULT_MAX_NEW_TOKENS = 256;

  private final SettingValues values;

  GenerationConfig(SettingValues values) {
    this.values = values;
  }

  /** Every setting there is, as JSON names it. */
  public static List<GenerationSetting> settings() {
    return Settings.descriptions();
  }

  /**
   * True of a name that Hugging Face's generation_config.json knows, whether it is a setting here
   * or not.
   */
  public static boolean knows(String name) {
    return Settings.named(name) != null || ForeignSettings.knows(name);
  }

  /** Nothing set. */
  public static GenerationConfigBuilder builder() {
    return new GenerationConfigBuilder(new SettingValues());
  }

  /** The same settings, to be changed. */
  public GenerationConfigBuilder toBuilder() {
    return new GenerationConfigBuilder(new SettingValues(values));
  }

  /**
   * Reads a request's settings from JSON with Hugging Face's names. Null means not set.
   *
   * @throws PolyLmException naming the key, where the text is no JSON object, a key is unknown or
   *     not supported, a value has the wrong type or is out of range, or values contradict each
   *     other
   */
  public static GenerationConfig fromJson(String json) {
    SettingValues values = GenerationConfigJson.read(json);
    SettingRules.check(values, false);
    ForeignSettings.unheeded(values).forEach(GenerationConfigJson::warn);
    return new GenerationConfig(values);
  }

  /**
   * Reads a model's generation_config.json. Its settings count as inherited: they give way to a
   * request's, and one that has no effect, such as a temperature without sampling, is no error.
   *
   * @throws PolyLmException as {@link #fromJson}, contradictions excepted
   */
  public static GenerationConfig defaultsFromJson(String json) {
    return new GenerationConfig(GenerationConfigJson.read(json).asInherited());
  }

  /** What was set, as JSON with Hugging Face's names; {@link #fromJson} reads it back. */
  public String toJson() {
    return GenerationConfigJson.write(values);
  }

  /**
   * This request laid over a model's defaults: what is set here holds, then what is set there.
   * Where two settings are two ways to say one thing (max_length and max_new_tokens, min_length and
   * min_new_tokens, negative_prompt and negative_prompt_ids), either one set here puts both of the
   * defaults aside.
   *
   * @throws PolyLmException where settings contradict each other now that all are known: what this
   *     request asks for would have no effect, or the answer can't be as many as wanted
   */
  public GenerationConfig over(GenerationConfig defaults) {
    SettingValues merged = values.over(defaults.values);
    SettingRules.check(merged, true);
    return new GenerationConfig(merged);
  }

  /**
   * As {@link #over}, for defaults that are not the last word: what neither sets is left to a
   * model's defaults.
   *
   * @throws PolyLmException where settings contradict each other whatever the model's defaults are
   */
  public GenerationConfig orElse(GenerationConfig defaults) {
    SettingValues merged = values.over(defaults.values);
    SettingRules.check(merged, false);
    return new GenerationConfig(merged);
  }

  /**
   * Checks that the ids which the settings name are in a vocabulary.
   *
   * @param vocabSize the number of the model's ids, which are 0 to vocabSize - 1
   * @throws PolyLmException if an id is not in it; the message names the setting and the id
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
   * @throws PolyLmException where the prompt leaves no room for a new id, or the least length is
   *     above the greatest that was asked for
   */
  public int maxLength(int promptLength, int contextLength) {
    return LengthLimits.maxLength(this, promptLength, contextLength);
  }

  /** The greatest length, prompt included, where it was set. */
  public OptionalInt maxLength() {
    return OptionalValues.ofInt(values.get(Settings.MAX_LENGTH));
  }

  /** The greatest number of new ids, where it was set. */
  public OptionalInt maxNewTokens() {
    return OptionalValues.ofInt(values.get(Settings.MAX_NEW_TOKENS));
  }

  /** The least length, prompt included; 0 for none. */
  public int minLength() {
    return values.effective(Settings.MIN_LENGTH);
  }

  /** The least number of new ids, where it was set; it goes before {@link #minLength()}. */
  public OptionalInt minNewTokens() {
    return OptionalValues.ofInt(values.get(Settings.MIN_NEW_TOKENS));
  }

  /** When beam search ends. */
  public EarlyStopping earlyStopping() {
    return values.effective(Settings.EARLY_STOPPING);
  }

  /** How long generation may take, where it was set. */
  public Optional<Duration> maxTime() {
    return Optional.ofNullable(values.get(Settings.MAX_TIME)).map(OptionalValues::seconds);
  }

  /** The strings that end the text. */
  public List<String> stopStrings() {
    return values.effective(Settings.STOP_STRINGS);
  }

  /** Whether the stop string stays in the text. */
  public boolean includeStopString() {
    return values.effective(Settings.INCLUDE_STOP_STRING);
  }

  /** Whether ids are drawn by probability. */
  public boolean doSample() {
    return values.effective(Settings.DO_SAMPLE);
  }

  /** The number of beams; 1 is no beam search. */
  public int numBeams() {
    return values.effective(Settings.NUM_BEAMS);
  }

  /** How many answers are wanted. */
  public int numReturnSequences() {
    return values.effective(Settings.NUM_RETURN_SEQUENCES);
  }

  /** The exponent of the length in the score of a beam. */
  public double lengthPenalty() {
    return values.effective(Settings.LENGTH_PENALTY);
  }

  /** Whether the same request always gives the same answer, bit for bit. */
  public boolean reproducible() {
    return values.effective(Settings.REPRODUCIBLE);
  }

  /** The seed of the draws, where it was set. */
  public OptionalLong seed() {
    return OptionalValues.ofLong(values.get(Settings.SEED));
  }

  /** The divisor of the logits. */
  public double temperature() {
    return values.effective(Settings.TEMPERATURE);
  }

  /** How many of the likeliest ids may be drawn; 0 for all. */
  public int topK() {
    return values.effective(Settings.TOP_K);
  }

  /** The probability that the likeliest ids which may be drawn add up to; 1 for all. */
  public double topP() {
    return values.effective(Settings.TOP_P);
  }

  /** The least probability beside the likeliest id's, where it was set. */
  public OptionalDouble minP() {
    return OptionalValues.ofDouble(values.get(Settings.MIN_P));
  }

  /** The share of the entropy that is kept, where it was set. */
  public OptionalDouble topH() {
    return OptionalValues.ofDouble(values.get(Settings.TOP_H));
  }

  /** The probability that the most typical ids which may be drawn add up to; 1 for all. */
  public double typicalP() {
    return values.effective(Settings.TYPICAL_P);
  }

  /** The least probability of an id that may be drawn. */
  public double epsilonCutoff() {
    return values.effective(Settings.EPSILON_CUTOFF);
  }

  /** The least probability of an id that may be drawn, before it falls with the entropy. */
  public double etaCutoff() {
    return values.effective(Settings.ETA_CUTOFF);
  }

  /** The penalty on ids of prompt and text; 1 for none. */
  public double repetitionPenalty() {
    return values.effective(Settings.REPETITION_PENALTY);
  }

  /** The penalty on ids of the text for each time they came; 0 for none. */
  public double frequencyPenalty() {
    return values.effective(Settings.FREQUENCY_PENALTY);
  }

  /** The penalty on ids of the text; 0 for none. */
  public double presencePenalty() {
    return values.effective(Settings.PRESENCE_PENALTY);
  }

  /** The length of sequences that come only once; 0 for none. */
  public int noRepeatNgramSize() {
    return values.effective(Settings.NO_REPEAT_NGRAM_SIZE);
  }

  /** The sequences that must not come. */
  public List<List<Integer>> badWordsIds() {
    return values.effective(Settings.BAD_WORDS_IDS);
  }

  /** What is added to the logit of a sequence's last id. */
  public Map<List<Integer>, Double> sequenceBias() {
    return values.effective(Settings.SEQUENCE_BIAS);
  }

  /** What is added to the logits of ids. */
  public Map<Integer, Double> logitBias() {
    return values.effective(Settings.LOGIT_BIAS);
  }

  /** The ids that never come. */
  public List<Integer> suppressTokens() {
    return values.effective(Settings.SUPPRESS_TOKENS);
  }

  /** The ids that don't come first. */
  public List<Integer> beginSuppressTokens() {
    return values.effective(Settings.BEGIN_SUPPRESS_TOKENS);
  }

  /** The id that follows a prompt of one id, where it was set. */
  public OptionalInt forcedBosTokenId() {
    return OptionalValues.ofInt(values.get(Settings.FORCED_BOS_TOKEN_ID));
  }

  /** The ids of which one is the last at the greatest length. */
  public List<Integer> forcedEosTokenId() {
    return values.effective(Settings.FORCED_EOS_TOKEN_ID);
  }

  /** How the end grows likelier, where it was set. */
  public Optional<ExponentialDecay> exponentialDecayLengthPenalty() {
    return Optional.ofNullable(values.get(Settings.EXPONENTIAL_DECAY_LENGTH_PENALTY));
  }

  /** Whether processed logits are made log-probabilities. */
  public boolean renormalizeLogits() {
    return values.effective(Settings.RENORMALIZE_LOGITS);
  }

  /** Whether NaN and infinite logits are replaced. */
  public boolean removeInvalidValues() {
    return values.effective(Settings.REMOVE_INVALID_VALUES);
  }

  /** How far the text is moved away from the negative prompt; 1 for not at all. */
  public double guidanceScale() {
    return values.effective(Settings.GUIDANCE_SCALE);
  }

  /** What the text is moved away from, where it was set. */
  public Optional<String> negativePrompt() {
    return Optional.ofNullable(values.get(Settings.NEGATIVE_PROMPT));
  }

  /** The ids of what the text is moved away from, where they were set. */
  public Optional<List<Integer>> negativePromptIds() {
    return Optional.ofNullable(values.get(Settings.NEGATIVE_PROMPT_IDS));
  }

  /** The id that begins a text, where it was set. */
  public OptionalInt bosTokenId() {
    return OptionalValues.ofInt(values.get(Settings.BOS_TOKEN_ID));
  }

  /** The ids that end a text. */
  public List<Integer> eosTokenId() {
    return values.effective(Settings.EOS_TOKEN_ID);
  }

  /** The id that fills up rows, where it was set. */
  public OptionalInt padTokenId() {
    return OptionalValues.ofInt(values.get(Settings.PAD_TOKEN_ID));
  }

  /** How many ids are drafted from the prompt, where it was set. */
  public OptionalInt promptLookupNumTokens() {
    return OptionalValues.ofInt(values.get(Settings.PROMPT_LOOKUP_NUM_TOKENS));
  }

  /** How many ids are compared to find a place to draft from. */
  public int maxMatchingNgramSize() {
    return values.effective(Settings.MAX_MATCHING_NGRAM_SIZE);
  }

  /** Whether the answer says how likely each id was. */
  public boolean outputLogprobs() {
    return values.effective(Settings.OUTPUT_LOGPROBS);
  }

  /** How many alternatives of each id the answer gives. */
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

  /** The settings as JSON; prompts that are among them included. */
  @Override
  public String toString() {
    return "GenerationConfig" + toJson();
  }
}
