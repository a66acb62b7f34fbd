package dev.polylm.generation;

import dev.polylm.PolyLmException;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Collects the settings of a {@link GenerationConfig}. In JSON a setting has Hugging Face's name,
 * this one's in snake_case. A method whose value is out of range throws a {@link PolyLmException}
 * that names setting, value and range; lists and maps are copied.
 *
 * <pre>{@code
 * GenerationConfig beams = GenerationConfig.builder().numBeams(4).lengthPenalty(0.8).build();
 * GenerationConfig longer = beams.toBuilder().maxNewTokens(500).build();
 * }</pre>
 *
 * <p>"Only with" means that asking for it otherwise is an error, since it would have no effect: at
 * {@link #build()} where both are set, else when the request is laid over the model's defaults.
 *
 * <p>Not thread-safe.
 */
public final class GenerationConfigBuilder {
  private final SettingValues values;

  GenerationConfigBuilder(SettingValues values) {
    this.values = values;
  }

  /**
   * The greatest length of a row, prompt and new ids together, at least 1. Not set: {@value
   * GenerationConfig#DEFAULT_MAX_NEW_TOKENS} new ids, unless {@link #maxNewTokens} is set. Not
   * together with {@link #maxNewTokens}, and inherited only where that is not set either.
   */
  public GenerationConfigBuilder maxLength(int value) {
    return set(Settings.MAX_LENGTH, value);
  }

  /** The greatest number of new ids, at least 1. Not set: see {@link #maxLength}. */
  public GenerationConfigBuilder maxNewTokens(int value) {
    return set(Settings.MAX_NEW_TOKENS, value);
  }

  /**
   * No end before a row has so many ids, prompt included; at least 0, the default. Not together
   * with {@link #minNewTokens}.
   */
  public GenerationConfigBuilder minLength(int value) {
    return set(Settings.MIN_LENGTH, value);
  }

  /** No end before so many new ids, at least 0. Not set: see {@link #minLength}. */
  public GenerationConfigBuilder minNewTokens(int value) {
    return set(Settings.MIN_NEW_TOKENS, value);
  }

  /**
   * When beam search ends; default {@link EarlyStopping#FALSE}. Only with {@link #numBeams} above
   * 1.
   */
  public GenerationConfigBuilder earlyStopping(EarlyStopping value) {
    return set(Settings.EARLY_STOPPING, value);
  }

  /**
   * How long generation may take, above 0, in JSON as a number of seconds; what is there then is
   * the answer. Not set: no limit.
   */
  public GenerationConfigBuilder maxTime(Duration value) {
    return set(Settings.MAX_TIME, value.getSeconds() + value.getNano() / 1e9);
  }

  /**
   * Strings that end the text as soon as one is complete in it, wherever the borders of tokens are;
   * none of them empty. Only the new text counts: unlike in Hugging Face, a string that begins in
   * the prompt does not end the answer. Default: none.
   */
  public GenerationConfigBuilder stopStrings(List<String> value) {
    return set(Settings.STOP_STRINGS, List.copyOf(value));
  }

  /**
   * Whether the text ends with the stop string that ended it; default false: before it. Only with
   * {@link #stopStrings}.
   */
  public GenerationConfigBuilder includeStopString(boolean value) {
    return set(Settings.INCLUDE_STOP_STRING, value);
  }

  /** Whether ids are drawn by their probability; default false: the likeliest is taken. */
  public GenerationConfigBuilder doSample(boolean value) {
    return set(Settings.DO_SAMPLE, value);
  }

  /** The number of beams, at least 1, the default, which is no beam search. */
  public GenerationConfigBuilder numBeams(int value) {
    return set(Settings.NUM_BEAMS, value);
  }

  /**
   * How many answers are wanted, at least 1, the default. With beams at most {@link #numBeams};
   * without beams more than 1 only with {@link #doSample}.
   */
  public GenerationConfigBuilder numReturnSequences(int value) {
    return set(Settings.NUM_RETURN_SEQUENCES, value);
  }

  /**
   * The exponent of the length by which the score of a beam is divided, any number; default 1.
   * Above 0 favours longer texts, below 0 shorter ones. Only with {@link #numBeams} above 1.
   */
  public GenerationConfigBuilder lengthPenalty(double value) {
    return set(Settings.LENGTH_PENALTY, value);
  }

  /**
   * Sets the seed of the draws. The same seed and the same logits give the same draws on every
   * machine. Without a seed each request has another one. Without {@link #doSample} nothing is
   * drawn, and every seed gives the same text.
   *
   * <p>The logits themselves can differ in their last bits, because the engine reuses prefixes and
   * runs requests together. Weights of int4 and int8 amplify that, so an answer of some length may
   * differ from one time to the next. {@link #reproducible} prevents that.
   */
  public GenerationConfigBuilder seed(long value) {
    return set(Settings.SEED, value);
  }

  /**
   * Sets whether the same request always gives the same answer, bit for bit: alone, beside others,
   * and after others. False by default.
   *
   * <p>Such a request reads its whole prompt in chunks of {@link
   * dev.polylm.PolyLmOptions#promptChunk} ids, reuses no keys and values, and shares no decoding
   * step with other requests. So it costs what it would cost alone, and slows the others down as
   * much. If its answer is drawn, set a {@link #seed} too. Another machine, number of threads,
   * chunk or version of ONNX Runtime may still give other bits.
   */
  public GenerationConfigBuilder reproducible(boolean value) {
    return set(Settings.REPRODUCIBLE, value);
  }

  /**
   * The divisor of the logits, above 0; default 1. Below 1 makes likely ids likelier. Only with
   * {@link #doSample}; for greedy decoding leave that out rather than setting 0 here.
   */
  public GenerationConfigBuilder temperature(double value) {
    return set(Settings.TEMPERATURE, value);
  }

  /**
   * How many of the likeliest ids may be drawn, at least 0, which means all; default 50, as in
   * Hugging Face. Only with {@link #doSample}.
   */
  public GenerationConfigBuilder topK(int value) {
    return set(Settings.TOP_K, value);
  }

  /**
   * The ids that may be drawn are the smallest set of the likeliest whose probabilities add up to
   * this, from 0 to 1, the default, which means all. Only with {@link #doSample}.
   */
  public GenerationConfigBuilder topP(double value) {
    return set(Settings.TOP_P, value);
  }

  /**
   * The ids that may be drawn are at least this times as likely as the likeliest, from 0 to 1. Not
   * set: all. Only with {@link #doSample}.
   */
  public GenerationConfigBuilder minP(double value) {
    return set(Settings.MIN_P, value);
  }

  /**
   * The ids that may be drawn are the likeliest ones whose share of the entropy stays within this,
   * above 0 and at most 1. Not set: all. Only with {@link #doSample}.
   */
  public GenerationConfigBuilder topH(double value) {
    return set(Settings.TOP_H, value);
  }

  /**
   * The ids that may be drawn are those whose information is nearest to the expected, until their
   * probabilities add up to this, above 0 and at most 1, the default, which means all. Only with
   * {@link #doSample}.
   */
  public GenerationConfigBuilder typicalP(double value) {
    return set(Settings.TYPICAL_P, value);
  }

  /**
   * The least probability of an id that may be drawn, at least 0, the default, and below 1. Only
   * with {@link #doSample}.
   */
  public GenerationConfigBuilder epsilonCutoff(double value) {
    return set(Settings.EPSILON_CUTOFF, value);
  }

  /**
   * The least probability of an id that may be drawn, falling where the model is unsure, at least
   * 0, the default, and below 1. Only with {@link #doSample}.
   */
  public GenerationConfigBuilder etaCutoff(double value) {
    return set(Settings.ETA_CUTOFF, value);
  }

  /**
   * The penalty on ids that are in the prompt or the text, above 0; default 1: none. Above 1 makes
   * repetition less likely.
   */
  public GenerationConfigBuilder repetitionPenalty(double value) {
    return set(Settings.REPETITION_PENALTY, value);
  }

  /**
   * What the logit of an id loses for each time it is in the text, the prompt not counted, as in
   * OpenAI's API; from -2 to 2, default 0.
   */
  public GenerationConfigBuilder frequencyPenalty(double value) {
    return set(Settings.FREQUENCY_PENALTY, value);
  }

  /**
   * What the logit of an id loses once when it is in the text, the prompt not counted, as in
   * OpenAI's API; from -2 to 2, default 0.
   */
  public GenerationConfigBuilder presencePenalty(double value) {
    return set(Settings.PRESENCE_PENALTY, value);
  }

  /**
   * No sequence of so many ids comes twice, prompt included; at least 0, the default: no such rule.
   */
  public GenerationConfigBuilder noRepeatNgramSize(int value) {
    return set(Settings.NO_REPEAT_NGRAM_SIZE, value);
  }

  /**
   * Sequences of ids that must not come, none of them empty. A sequence that is an end-of-sequence
   * id alone is left out, as in Hugging Face. Default: none.
   */
  public GenerationConfigBuilder badWordsIds(List<List<Integer>> value) {
    return set(Settings.BAD_WORDS_IDS, value.stream().map(List::copyOf).toList());
  }

  /**
   * What is added to the logit of the last id of a sequence where the ids before it have just come;
   * in JSON a list of {@code [[ids], bias]}, read also from an object such as {@code {"(5, 6)":
   * 1.0}}, as Hugging Face writes it. Default: nothing.
   */
  public GenerationConfigBuilder sequenceBias(Map<List<Integer>, Double> value) {
    return set(Settings.SEQUENCE_BIAS, copyOf(value));
  }

  /** What is added to the logits of ids; in JSON an object as in OpenAI's API. Default: nothing. */
  public GenerationConfigBuilder logitBias(Map<Integer, Double> value) {
    return set(Settings.LOGIT_BIAS, Collections.unmodifiableMap(new LinkedHashMap<>(value)));
  }

  /** Ids that never come. Default: none. */
  public GenerationConfigBuilder suppressTokens(List<Integer> value) {
    return set(Settings.SUPPRESS_TOKENS, List.copyOf(value));
  }

  /**
   * Ids that are not the first new id, or not the second where {@link #forcedBosTokenId} decides
   * the first. Default: none.
   */
  public GenerationConfigBuilder beginSuppressTokens(List<Integer> value) {
    return set(Settings.BEGIN_SUPPRESS_TOKENS, List.copyOf(value));
  }

  /** The id that follows a prompt of one id, at least 0. Not set: no such rule. */
  public GenerationConfigBuilder forcedBosTokenId(int value) {
    return set(Settings.FORCED_BOS_TOKEN_ID, value);
  }

  /**
   * The ids of which one is the last when the greatest length is reached. Default: no such rule.
   */
  public GenerationConfigBuilder forcedEosTokenId(List<Integer> value) {
    return set(Settings.FORCED_EOS_TOKEN_ID, List.copyOf(value));
  }

  /**
   * How the end grows likelier with the number of new ids; in JSON {@code [start index, decay
   * factor]}. An end that another setting rules out, such as {@link #minNewTokens}, stays so, where
   * Hugging Face's arithmetic gives NaN and ends. Needs {@link #eosTokenId}. Not set: it does not.
   */
  public GenerationConfigBuilder exponentialDecayLengthPenalty(ExponentialDecay value) {
    return set(Settings.EXPONENTIAL_DECAY_LENGTH_PENALTY, value);
  }

  /**
   * Whether the logits are made log-probabilities again after all processors; default false.
   * Matters to the scores of beams.
   */
  public GenerationConfigBuilder renormalizeLogits(boolean value) {
    return set(Settings.RENORMALIZE_LOGITS, value);
  }

  /**
   * Whether NaN and infinite logits are replaced by numbers; default false: they are an error where
   * they would decide.
   */
  public GenerationConfigBuilder removeInvalidValues(boolean value) {
    return set(Settings.REMOVE_INVALID_VALUES, value);
  }

  /**
   * How far the text is moved away from {@link #negativePrompt}, or from the prompt's last id alone
   * without one; any number, default 1: not at all. Above 1 moves away.
   */
  public GenerationConfigBuilder guidanceScale(double value) {
    return set(Settings.GUIDANCE_SCALE, value);
  }

  /**
   * A text that the answer is moved away from. Only with {@link #guidanceScale} other than 1, not
   * together with {@link #negativePromptIds}.
   */
  public GenerationConfigBuilder negativePrompt(String value) {
    return set(Settings.NEGATIVE_PROMPT, value);
  }

  /** {@link #negativePrompt} as ids, at least one. */
  public GenerationConfigBuilder negativePromptIds(List<Integer> value) {
    return set(Settings.NEGATIVE_PROMPT_IDS, List.copyOf(value));
  }

  /**
   * The id that begins a text if Hugging Face is given no prompt, at least 0. It has no effect
   * here: a prompt is never empty, and the model's tokenizer decides whether this id stands before
   * it.
   */
  public GenerationConfigBuilder bosTokenId(int value) {
    return set(Settings.BOS_TOKEN_ID, value);
  }

  /** The ids that end a text; an empty list: only lengths, times and {@link #stopStrings} do. */
  public GenerationConfigBuilder eosTokenId(List<Integer> value) {
    return set(Settings.EOS_TOKEN_ID, List.copyOf(value));
  }

  /**
   * The id that fills up rows in Hugging Face's batches, at least 0. It has no effect here: nothing
   * is padded.
   */
  public GenerationConfigBuilder padTokenId(int value) {
    return set(Settings.PAD_TOKEN_ID, value);
  }

  /**
   * How many ids at most are drafted from an earlier place of the row that reads the same, and
   * checked in one step; at least 1, of which 255 are made use of. The text is that of greedy
   * decoding. Not with {@link #doSample}, beams or {@link #guidanceScale}. Not set: none.
   */
  public GenerationConfigBuilder promptLookupNumTokens(int value) {
    return set(Settings.PROMPT_LOOKUP_NUM_TOKENS, value);
  }

  /**
   * How many ids at most are compared to find such a place, at least 1; default 2. Only with {@link
   * #promptLookupNumTokens}.
   */
  public GenerationConfigBuilder maxMatchingNgramSize(int value) {
    return set(Settings.MAX_MATCHING_NGRAM_SIZE, value);
  }

  /** Whether the answer says how likely each id was; default false. */
  public GenerationConfigBuilder outputLogprobs(boolean value) {
    return set(Settings.OUTPUT_LOGPROBS, value);
  }

  /**
   * How many of the likeliest alternatives of each id the answer gives, at least 0, the default.
   * Only with {@link #outputLogprobs}.
   */
  public GenerationConfigBuilder topLogprobs(int value) {
    return set(Settings.TOP_LOGPROBS, value);
  }

  /**
   * The settings.
   *
   * @throws PolyLmException where settings contradict each other
   */
  public GenerationConfig build() {
    SettingRules.check(values, false);
    return new GenerationConfig(new SettingValues(values));
  }

  /**
   * Sets a setting by its name, for programs that offer all of {@link GenerationConfig#settings}.
   *
   * @param name Hugging Face's name, such as {@code num_beams}
   * @param value what the setter of that setting takes, or the same as JSON has it: a number, a
   *     boolean, a string, a list or a map
   * @throws PolyLmException if there is no such setting, or the value has the wrong type or is out
   *     of range
   */
  public GenerationConfigBuilder set(String name, Object value) {
    GenerationConfigJson.set(name, value, values);
    return this;
  }

  private <T> GenerationConfigBuilder set(Setting<T> setting, T value) {
    values.set(setting, value);
    return this;
  }

  private static Map<List<Integer>, Double> copyOf(Map<List<Integer>, Double> biases) {
    Map<List<Integer>, Double> copy = new LinkedHashMap<>();
    biases.forEach((ids, bias) -> copy.put(List.copyOf(ids), bias));
    return Collections.unmodifiableMap(copy);
  }
}
