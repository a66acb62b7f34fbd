package dev.polylm.generation;

import dev.polylm.PolyLmException;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Collects the settings of a {@link GenerationConfig}. In JSON a setting has Hugging Face's name:
 * the method's name in snake_case. If a value is out of range, the method throws a {@link
 * PolyLmException} that names the setting, the value and the range. Lists and maps are copied.
 *
 * <pre>{@code
 * GenerationConfig beams = GenerationConfig.builder().numBeams(4).lengthPenalty(0.8).build();
 * GenerationConfig longer = beams.toBuilder().maxNewTokens(500).build();
 * }</pre>
 *
 * <p>"Only with" means that the setting would have no effect otherwise, so setting it is an error.
 * {@link #build()} reports the error if both settings are set. Otherwise it is reported when the
 * request is merged with the model's defaults.
 *
 * <p>Not thread-safe.
 */
public final class GenerationConfigBuilder {
  private final SettingValues values;

  GenerationConfigBuilder(SettingValues values) {
    this.values = values;
  }

  /**
   * Sets the greatest length of a row, prompt and new ids together, at least 1. If it is not set,
   * the limit is {@link #maxNewTokens}, or else {@value GenerationConfig#DEFAULT_MAX_NEW_TOKENS}
   * new ids. Not together with {@link #maxNewTokens}. The model's value applies only if {@link
   * #maxNewTokens} is not set either.
   */
  public GenerationConfigBuilder maxLength(int value) {
    return set(Settings.MAX_LENGTH, value);
  }

  /** Sets the greatest number of new ids, at least 1. If it is not set, see {@link #maxLength}. */
  public GenerationConfigBuilder maxNewTokens(int value) {
    return set(Settings.MAX_NEW_TOKENS, value);
  }

  /**
   * Sets the least length of a row, prompt included, at least 0, the default. The row can't end
   * before it. Not together with {@link #minNewTokens}.
   */
  public GenerationConfigBuilder minLength(int value) {
    return set(Settings.MIN_LENGTH, value);
  }

  /** Sets the least number of new ids, at least 0. If it is not set, see {@link #minLength}. */
  public GenerationConfigBuilder minNewTokens(int value) {
    return set(Settings.MIN_NEW_TOKENS, value);
  }

  /**
   * Sets when beam search ends; default {@link EarlyStopping#FALSE}. Only with {@link #numBeams}
   * above 1.
   */
  public GenerationConfigBuilder earlyStopping(EarlyStopping value) {
    return set(Settings.EARLY_STOPPING, value);
  }

  /**
   * Sets how long generation may take, above 0; in JSON a number of seconds. When the time is over,
   * the text so far is the answer. If it is not set, there is no limit.
   */
  public GenerationConfigBuilder maxTime(Duration value) {
    return set(Settings.MAX_TIME, value.getSeconds() + value.getNano() / 1e9);
  }

  /**
   * Sets strings that end the text as soon as one is complete in it, even within a token. None may
   * be empty. Only the new text counts: unlike in Hugging Face, a string that begins in the prompt
   * does not end the answer. Default: none.
   */
  public GenerationConfigBuilder stopStrings(List<String> value) {
    return set(Settings.STOP_STRINGS, List.copyOf(value));
  }

  /**
   * Sets whether the text includes the stop string that ended it; default false. Only with {@link
   * #stopStrings}.
   */
  public GenerationConfigBuilder includeStopString(boolean value) {
    return set(Settings.INCLUDE_STOP_STRING, value);
  }

  /**
   * Sets whether ids are drawn by their probability. The default is false: the likeliest id is
   * chosen.
   */
  public GenerationConfigBuilder doSample(boolean value) {
    return set(Settings.DO_SAMPLE, value);
  }

  /** Sets the number of beams, at least 1. The default, 1, means no beam search. */
  public GenerationConfigBuilder numBeams(int value) {
    return set(Settings.NUM_BEAMS, value);
  }

  /**
   * Sets the number of answers, at least 1, the default. With beams, at most {@link #numBeams}.
   * Without beams, more than 1 only with {@link #doSample}.
   */
  public GenerationConfigBuilder numReturnSequences(int value) {
    return set(Settings.NUM_RETURN_SEQUENCES, value);
  }

  /**
   * Sets the exponent of the length that divides a beam's score, any number; default 1. A value
   * above 0 favours longer texts, a value below 0 shorter ones. Only with {@link #numBeams} above
   * 1.
   */
  public GenerationConfigBuilder lengthPenalty(double value) {
    return set(Settings.LENGTH_PENALTY, value);
  }

  /**
   * Sets the seed of the draws. The same seed and the same logits give the same draws on every
   * machine. If it is not set, each request has another seed. Without {@link #doSample} nothing is
   * drawn, and every seed gives the same text.
   *
   * <p>With a {@linkplain dev.polylm.PolyLmOptions.Builder#draft draft model} the draws also depend
   * on how many ids it guesses, which depends on times. {@link #reproducible} requests go without.
   *
   * <p>The logits themselves can differ in their last bits, because the engine reuses prefixes and
   * runs requests together. Weights of int4 and int8 amplify that, so a long answer may differ from
   * one time to the next. {@link #reproducible} prevents that.
   */
  public GenerationConfigBuilder seed(long value) {
    return set(Settings.SEED, value);
  }

  /**
   * Sets whether the same request always gives the same answer, bit for bit: alone, together with
   * others, and after others. False by default.
   *
   * <p>Such a request reads its whole prompt in chunks of {@link
   * dev.polylm.PolyLmOptions#promptChunk} ids. It reuses no keys and values, and shares no decoding
   * step with other requests. So it costs as much as if it ran alone, and slows the others down by
   * as much. If its answer is drawn, set a {@link #seed} too. Another machine, number of threads,
   * chunk or version of ONNX Runtime may still give other bits.
   */
  public GenerationConfigBuilder reproducible(boolean value) {
    return set(Settings.REPRODUCIBLE, value);
  }

  /**
   * Sets the divisor of the logits, above 0; default 1. A value below 1 makes likely ids likelier.
   * Only with {@link #doSample}. For greedy decoding, don't set 0 here: leave {@link #doSample}
   * out.
   */
  public GenerationConfigBuilder temperature(double value) {
    return set(Settings.TEMPERATURE, value);
  }

  /**
   * Sets how many of the likeliest ids may be drawn, at least 0; 0 means all. The default is 50, as
   * in Hugging Face. Only with {@link #doSample}.
   */
  public GenerationConfigBuilder topK(int value) {
    return set(Settings.TOP_K, value);
  }

  /**
   * Restricts the draw to the smallest set of the likeliest ids whose probabilities add up to this
   * value, from 0 to 1. The default, 1, means all. Only with {@link #doSample}.
   */
  public GenerationConfigBuilder topP(double value) {
    return set(Settings.TOP_P, value);
  }

  /**
   * Restricts the draw to ids that are at least this many times as likely as the likeliest, from 0
   * to 1. If it is not set, all ids may be drawn. Only with {@link #doSample}.
   */
  public GenerationConfigBuilder minP(double value) {
    return set(Settings.MIN_P, value);
  }

  /**
   * Restricts the draw to the likeliest ids whose share of the entropy stays within this value,
   * above 0 and at most 1. If it is not set, all ids may be drawn. Only with {@link #doSample}.
   */
  public GenerationConfigBuilder topH(double value) {
    return set(Settings.TOP_H, value);
  }

  /**
   * Restricts the draw to the ids whose information is nearest to the expected information, until
   * their probabilities add up to this value, above 0 and at most 1. The default, 1, means all.
   * Only with {@link #doSample}.
   */
  public GenerationConfigBuilder typicalP(double value) {
    return set(Settings.TYPICAL_P, value);
  }

  /**
   * Sets the least probability of an id that may be drawn, at least 0, the default, and below 1.
   * Only with {@link #doSample}.
   */
  public GenerationConfigBuilder epsilonCutoff(double value) {
    return set(Settings.EPSILON_CUTOFF, value);
  }

  /**
   * Sets the least probability of an id that may be drawn, at least 0, the default, and below 1. It
   * is lowered if the model is unsure. Only with {@link #doSample}.
   */
  public GenerationConfigBuilder etaCutoff(double value) {
    return set(Settings.ETA_CUTOFF, value);
  }

  /**
   * Sets the penalty on ids that are in the prompt or the new text, above 0. The default, 1, means
   * none. A value above 1 makes repetition less likely.
   */
  public GenerationConfigBuilder repetitionPenalty(double value) {
    return set(Settings.REPETITION_PENALTY, value);
  }

  /**
   * Sets the number that is subtracted from an id's logit for each time the id is in the new text,
   * as in OpenAI's API. The prompt does not count. From -2 to 2, default 0.
   */
  public GenerationConfigBuilder frequencyPenalty(double value) {
    return set(Settings.FREQUENCY_PENALTY, value);
  }

  /**
   * Sets the number that is subtracted from an id's logit once if the id is in the new text, as in
   * OpenAI's API. The prompt does not count. From -2 to 2, default 0.
   */
  public GenerationConfigBuilder presencePenalty(double value) {
    return set(Settings.PRESENCE_PENALTY, value);
  }

  /**
   * Sets the length of id sequences that may occur only once in prompt and text, at least 0. The
   * default, 0, means no such rule.
   */
  public GenerationConfigBuilder noRepeatNgramSize(int value) {
    return set(Settings.NO_REPEAT_NGRAM_SIZE, value);
  }

  /**
   * Sets the id sequences that must not occur. None may be empty. A sequence that consists only of
   * an end-of-sequence id is ignored, as in Hugging Face. Default: none.
   */
  public GenerationConfigBuilder badWordsIds(List<List<Integer>> value) {
    return set(Settings.BAD_WORDS_IDS, value.stream().map(List::copyOf).toList());
  }

  /**
   * Sets numbers to add to the logit of a sequence's last id when the row ends with the ids before
   * it. In JSON this is a list of {@code [[ids], bias]}. An object such as {@code {"(5, 6)": 1.0}},
   * as Hugging Face writes it, is read too. Default: nothing.
   */
  public GenerationConfigBuilder sequenceBias(Map<List<Integer>, Double> value) {
    return set(Settings.SEQUENCE_BIAS, copyOf(value));
  }

  /**
   * Sets numbers to add to the logits of ids; in JSON an object as in OpenAI's API. Default:
   * nothing.
   */
  public GenerationConfigBuilder logitBias(Map<Integer, Double> value) {
    return set(Settings.LOGIT_BIAS, Collections.unmodifiableMap(new LinkedHashMap<>(value)));
  }

  /** Sets the ids that are never chosen. Default: none. */
  public GenerationConfigBuilder suppressTokens(List<Integer> value) {
    return set(Settings.SUPPRESS_TOKENS, List.copyOf(value));
  }

  /**
   * Sets the ids that are not chosen as the first new id, or as the second if {@link
   * #forcedBosTokenId} decides the first. Default: none.
   */
  public GenerationConfigBuilder beginSuppressTokens(List<Integer> value) {
    return set(Settings.BEGIN_SUPPRESS_TOKENS, List.copyOf(value));
  }

  /**
   * Sets the id that follows a prompt of one id, at least 0. If it is not set, there is no such
   * rule.
   */
  public GenerationConfigBuilder forcedBosTokenId(int value) {
    return set(Settings.FORCED_BOS_TOKEN_ID, value);
  }

  /**
   * Sets the ids that end a sequence of the greatest length: its last id is one of them. Default:
   * any id may be the last.
   */
  public GenerationConfigBuilder forcedEosTokenId(List<Integer> value) {
    return set(Settings.FORCED_EOS_TOKEN_ID, List.copyOf(value));
  }

  /**
   * Sets how fast the end grows likelier with the number of new ids; in JSON {@code [start index,
   * decay factor]}. If another setting such as {@link #minNewTokens} rules the end out, it stays
   * ruled out; in Hugging Face the arithmetic gives NaN, and the sequence ends. Needs {@link
   * #eosTokenId}. If it is not set, the end does not grow likelier.
   */
  public GenerationConfigBuilder exponentialDecayLengthPenalty(ExponentialDecay value) {
    return set(Settings.EXPONENTIAL_DECAY_LENGTH_PENALTY, value);
  }

  /**
   * Sets whether the logits are normalized to log-probabilities again after all processors; default
   * false. This matters to the scores of beams.
   */
  public GenerationConfigBuilder renormalizeLogits(boolean value) {
    return set(Settings.RENORMALIZE_LOGITS, value);
  }

  /**
   * Sets whether NaN and infinite logits are replaced by numbers; the default is false: they are an
   * error if the choice of an id depends on them.
   */
  public GenerationConfigBuilder removeInvalidValues(boolean value) {
    return set(Settings.REMOVE_INVALID_VALUES, value);
  }

  /**
   * Sets how far the answer is moved away from {@link #negativePrompt}, or without one from the
   * prompt's last id alone. Any number; the default, 1, means not at all. A value above 1 moves the
   * answer away.
   */
  public GenerationConfigBuilder guidanceScale(double value) {
    return set(Settings.GUIDANCE_SCALE, value);
  }

  /**
   * Sets a text that the answer is moved away from. Only with a {@link #guidanceScale} other than
   * 1, not together with {@link #negativePromptIds}.
   */
  public GenerationConfigBuilder negativePrompt(String value) {
    return set(Settings.NEGATIVE_PROMPT, value);
  }

  /** Sets {@link #negativePrompt} as ids, at least one. */
  public GenerationConfigBuilder negativePromptIds(List<Integer> value) {
    return set(Settings.NEGATIVE_PROMPT_IDS, List.copyOf(value));
  }

  /**
   * Sets the id that begins a text if Hugging Face is given no prompt, at least 0. It has no effect
   * here: a prompt is never empty, and the model's tokenizer decides whether this id comes before
   * it.
   */
  public GenerationConfigBuilder bosTokenId(int value) {
    return set(Settings.BOS_TOKEN_ID, value);
  }

  /**
   * Sets the ids that end a text. With an empty list, only lengths, times and {@link #stopStrings}
   * end it.
   */
  public GenerationConfigBuilder eosTokenId(List<Integer> value) {
    return set(Settings.EOS_TOKEN_ID, List.copyOf(value));
  }

  /**
   * Sets the id that pads rows in Hugging Face's batches, at least 0. It has no effect here:
   * nothing is padded.
   */
  public GenerationConfigBuilder padTokenId(int value) {
    return set(Settings.PAD_TOKEN_ID, value);
  }

  /**
   * Sets the largest number of ids to draft and check in one step, at least 1; at most 255 are
   * used. They are copied from an earlier place in the row that follows the same ids. The text is
   * that of greedy decoding. Not with {@link #doSample}, beams or {@link #guidanceScale}. If it is
   * not set, nothing is drafted.
   */
  public GenerationConfigBuilder promptLookupNumTokens(int value) {
    return set(Settings.PROMPT_LOOKUP_NUM_TOKENS, value);
  }

  /**
   * Sets the largest number of ids to compare when looking for such a place, at least 1; default 2.
   * Only with {@link #promptLookupNumTokens}.
   */
  public GenerationConfigBuilder maxMatchingNgramSize(int value) {
    return set(Settings.MAX_MATCHING_NGRAM_SIZE, value);
  }

  /**
   * Sets whether ids are also copied from earlier answers of the same open model, such as earlier
   * translations; default false. Only answers of requests with this setting are kept, the latest
   * 65,536 ids of them, as long as the model is open. Other requests can't see them, but how fast
   * an answer comes can tell that it came before. Only with {@link #promptLookupNumTokens}.
   */
  public GenerationConfigBuilder promptLookupAnswers(boolean value) {
    return set(Settings.PROMPT_LOOKUP_ANSWERS, value);
  }

  /** Sets whether the answer has the log-probability of each id; default false. */
  public GenerationConfigBuilder outputLogprobs(boolean value) {
    return set(Settings.OUTPUT_LOGPROBS, value);
  }

  /**
   * Sets how many of the likeliest ids the answer lists at each position, at least 0, the default.
   * Only with {@link #outputLogprobs}.
   */
  public GenerationConfigBuilder topLogprobs(int value) {
    return set(Settings.TOP_LOGPROBS, value);
  }

  /**
   * Returns the settings.
   *
   * @throws PolyLmException if settings contradict each other
   */
  public GenerationConfig build() {
    SettingRules.check(values, false);
    return new GenerationConfig(new SettingValues(values));
  }

  /**
   * Sets a setting by its name, for programs that offer all {@link GenerationConfig#settings}.
   *
   * @param name Hugging Face's name, such as {@code num_beams}
   * @param value the value that the setter takes, or its JSON form: a number, a boolean, a string,
   *     a list or a map
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
