package dev.polylm.internal.logits;

import dev.polylm.logits.LogitsProcessor;
import dev.polylm.logits.LogitsProcessorList;
import dev.polylm.logits.Step;
import java.util.List;
import java.util.Map;

/**
 * Collects the processors of a {@link ProcessorChain}. A processor given twice replaces the first;
 * values are not checked here but by the settings they come from. {@code minTokensToKeep} is 1, and
 * with beam sampling the number of end-of-sequence ids and 1, so that a beam can go on.
 */
public final class ProcessorChainBuilder implements LogitsProcessorList {
  private final ProcessorChain.Places places = new ProcessorChain.Places();

  ProcessorChainBuilder() {}

  @Override
  public ProcessorChainBuilder custom(LogitsProcessor processor) {
    return after(Step.CUSTOM, processor);
  }

  @Override
  public ProcessorChainBuilder before(Step step, LogitsProcessor processor) {
    places.before(step, stepOf(processor));
    return this;
  }

  @Override
  public ProcessorChainBuilder after(Step step, LogitsProcessor processor) {
    places.after(step, stepOf(processor));
    return this;
  }

  /** Biases of the last id of sequences. */
  public ProcessorChainBuilder sequenceBias(Map<List<Integer>, Double> biases) {
    return at(Step.SEQUENCE_BIAS, new SequenceBias(biases));
  }

  /** Biases of single ids. */
  public ProcessorChainBuilder logitBias(Map<Integer, Double> biases) {
    return at(Step.LOGIT_BIAS, new LogitBias(Map.copyOf(biases)));
  }

  /** Penalty above 0 on ids of prompt and new ids; 1 does nothing. */
  public ProcessorChainBuilder repetitionPenalty(double penalty) {
    return at(Step.REPETITION_PENALTY, new RepetitionPenalty((float) penalty));
  }

  /** Penalty on new ids, for each time they came. */
  public ProcessorChainBuilder frequencyPenalty(double penalty) {
    return at(Step.FREQUENCY_PENALTY, new FrequencyPenalty((float) penalty));
  }

  /** Penalty on new ids, once. */
  public ProcessorChainBuilder presencePenalty(double penalty) {
    return at(Step.PRESENCE_PENALTY, new PresencePenalty((float) penalty));
  }

  /** No sequence of so many ids, at least 1, comes twice. */
  public ProcessorChainBuilder noRepeatNgram(int size) {
    return at(Step.NO_REPEAT_NGRAM, new NoRepeatNgram(size));
  }

  /** Sequences that must not come, none of them empty; a lone end-of-sequence id is left out. */
  public ProcessorChainBuilder badWords(List<List<Integer>> badWordsIds, List<Integer> eosTokenId) {
    return at(Step.BAD_WORDS, new BadWords(badWordsIds, eosTokenId));
  }

  /** No end before so many ids, prompt included. */
  public ProcessorChainBuilder minLength(int minLength, List<Integer> eosTokenId) {
    return at(Step.MIN_LENGTH, new MinLength(minLength, array(eosTokenId)));
  }

  /** No end before so many new ids. */
  public ProcessorChainBuilder minNewTokens(int minNewTokens, List<Integer> eosTokenId) {
    return at(Step.MIN_NEW_TOKENS, new MinNewTokens(minNewTokens, array(eosTokenId)));
  }

  /** Returns the id that follows a single first id. */
  public ProcessorChainBuilder forcedBos(int bosTokenId) {
    return at(Step.FORCED_BOS, new ForcedBos(bosTokenId));
  }

  /** Returns the ids of which one is the last at the greatest length, prompt included. */
  public ProcessorChainBuilder forcedEos(int maxLength, List<Integer> eosTokenIds) {
    return at(Step.FORCED_EOS, new ForcedEos(maxLength, array(eosTokenIds)));
  }

  /** Numbers in place of NaN and the infinities. */
  public ProcessorChainBuilder infNanRemove() {
    return at(Step.INF_NAN_REMOVE, new InfNanRemove());
  }

  /** Returns the end is favoured by factor^n from the n-th new id after start. */
  public ProcessorChainBuilder exponentialDecayLengthPenalty(
      int start, double factor, List<Integer> eosTokenId) {
    return at(
        Step.EXPONENTIAL_DECAY_LENGTH_PENALTY,
        new ExponentialDecayLengthPenalty(start, factor, array(eosTokenId)));
  }

  /** Ids that never come. */
  public ProcessorChainBuilder suppressTokens(List<Integer> ids) {
    return at(Step.SUPPRESS_TOKENS, new SuppressTokens(array(ids)));
  }

  /**
   * Ids that are not the first new one.
   *
   * @param firstIsForced {@link #forcedBos} is used, so that behind a prompt of one id the second
   *     is meant
   */
  public ProcessorChainBuilder suppressTokensAtBegin(List<Integer> ids, boolean firstIsForced) {
    return at(Step.SUPPRESS_TOKENS_AT_BEGIN, new SuppressTokensAtBegin(firstIsForced, array(ids)));
  }

  /** Divisor of all logits, above 0. */
  public ProcessorChainBuilder temperature(double temperature) {
    return at(Step.TEMPERATURE, new Temperature((float) temperature));
  }

  /** Share of the entropy that is kept, in (0, 1]. */
  public ProcessorChainBuilder topH(double topH) {
    return at(Step.TOP_H, new TopH(topH));
  }

  /** Number of ids that are kept, at least 1. */
  public ProcessorChainBuilder topK(int k, int minTokensToKeep) {
    return at(Step.TOP_K, new TopK(k, minTokensToKeep));
  }

  /** Probability that is kept, in [0, 1). */
  public ProcessorChainBuilder topP(double p, int minTokensToKeep) {
    return at(Step.TOP_P, new TopP(p, minTokensToKeep));
  }

  /** Least probability beside the likeliest's, in [0, 1]. */
  public ProcessorChainBuilder minP(double minP, int minTokensToKeep) {
    return at(Step.MIN_P, new MinP(minP, minTokensToKeep));
  }

  /** Probability of the typical ids that are kept, in (0, 1). */
  public ProcessorChainBuilder typicalP(double mass, int minTokensToKeep) {
    return at(Step.TYPICAL_P, new TypicalP(mass, minTokensToKeep));
  }

  /** Least probability, in (0, 1). */
  public ProcessorChainBuilder epsilonCutoff(double epsilon, int minTokensToKeep) {
    return at(Step.EPSILON_CUTOFF, new EpsilonCutoff(epsilon, minTokensToKeep));
  }

  /** Least probability that falls with the entropy, in (0, 1). */
  public ProcessorChainBuilder etaCutoff(double epsilon, int minTokensToKeep) {
    return at(Step.ETA_CUTOFF, new EtaCutoff(epsilon, minTokensToKeep));
  }

  /** Log-probabilities in place of what the processors left. */
  public ProcessorChainBuilder logitNormalization() {
    return at(Step.LOGIT_NORMALIZATION, new LogitNormalization());
  }

  /** Returns the chain of what was added so far. */
  public ProcessorChain build() {
    return places.chain();
  }

  private ProcessorChainBuilder at(Step step, LogitsProcessor processor) {
    return at(step, stepOf(processor));
  }

  private ProcessorChainBuilder at(Step step, ChainStep processor) {
    places.at(step, processor);
    return this;
  }

  private static ChainStep stepOf(LogitsProcessor processor) {
    return (inputIds, logits, workspace) -> processor.process(inputIds, logits);
  }

  private static int[] array(List<Integer> ids) {
    return ids.stream().mapToInt(Integer::intValue).toArray();
  }
}
