package dev.polylm.internal.logits;

import dev.polylm.logits.LogitsProcessor;
import dev.polylm.logits.LogitsProcessorList;
import dev.polylm.logits.Step;
import java.util.List;
import java.util.Map;

/**
 * Collects the processors of a {@link ProcessorChain}. If a step is set twice, the second processor
 * replaces the first. Values are not checked here; the settings check them. {@code minTokensToKeep}
 * is 1. With beam sampling it is one more than the number of end-of-sequence ids, so that a beam
 * can continue.
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

  /** Adds biases for the last ids of sequences. */
  public ProcessorChainBuilder sequenceBias(Map<List<Integer>, Double> biases) {
    return at(Step.SEQUENCE_BIAS, new SequenceBias(biases));
  }

  /** Adds biases for single ids. */
  public ProcessorChainBuilder logitBias(Map<Integer, Double> biases) {
    return at(Step.LOGIT_BIAS, new LogitBias(Map.copyOf(biases)));
  }

  /** Adds a penalty above 0 on ids of the prompt and new ids; 1 has no effect. */
  public ProcessorChainBuilder repetitionPenalty(double penalty) {
    return at(Step.REPETITION_PENALTY, new RepetitionPenalty((float) penalty));
  }

  /** Adds a penalty on new ids, for each time they occur. */
  public ProcessorChainBuilder frequencyPenalty(double penalty) {
    return at(Step.FREQUENCY_PENALTY, new FrequencyPenalty((float) penalty));
  }

  /** Adds a penalty on new ids, once for each id. */
  public ProcessorChainBuilder presencePenalty(double penalty) {
    return at(Step.PRESENCE_PENALTY, new PresencePenalty((float) penalty));
  }

  /** Rules out that a sequence of so many ids, at least 1, occurs twice. */
  public ProcessorChainBuilder noRepeatNgram(int size) {
    return at(Step.NO_REPEAT_NGRAM, new NoRepeatNgram(size));
  }

  /** Rules out sequences, none of them empty. A lone end-of-sequence id is ignored. */
  public ProcessorChainBuilder badWords(List<List<Integer>> badWordsIds, List<Integer> eosTokenId) {
    return at(Step.BAD_WORDS, new BadWords(badWordsIds, eosTokenId));
  }

  /** Rules out the end before so many ids, prompt included. */
  public ProcessorChainBuilder minLength(int minLength, List<Integer> eosTokenId) {
    return at(Step.MIN_LENGTH, new MinLength(minLength, array(eosTokenId)));
  }

  /** Rules out the end before so many new ids. */
  public ProcessorChainBuilder minNewTokens(int minNewTokens, List<Integer> eosTokenId) {
    return at(Step.MIN_NEW_TOKENS, new MinNewTokens(minNewTokens, array(eosTokenId)));
  }

  /** Sets the id that follows a single first id. */
  public ProcessorChainBuilder forcedBos(int bosTokenId) {
    return at(Step.FORCED_BOS, new ForcedBos(bosTokenId));
  }

  /**
   * Sets the ids that end a row of the greatest length, prompt included: one of them is its last
   * id.
   */
  public ProcessorChainBuilder forcedEos(int maxLength, List<Integer> eosTokenIds) {
    return at(Step.FORCED_EOS, new ForcedEos(maxLength, array(eosTokenIds)));
  }

  /** Replaces NaN and the infinities by finite numbers. */
  public ProcessorChainBuilder infNanRemove() {
    return at(Step.INF_NAN_REMOVE, new InfNanRemove());
  }

  /** Favours the end by factor^n at the n-th new id after start. */
  public ProcessorChainBuilder exponentialDecayLengthPenalty(
      int start, double factor, List<Integer> eosTokenId) {
    return at(
        Step.EXPONENTIAL_DECAY_LENGTH_PENALTY,
        new ExponentialDecayLengthPenalty(start, factor, array(eosTokenId)));
  }

  /** Rules out ids everywhere. */
  public ProcessorChainBuilder suppressTokens(List<Integer> ids) {
    return at(Step.SUPPRESS_TOKENS, new SuppressTokens(array(ids)));
  }

  /**
   * Rules out ids as the first new id.
   *
   * @param firstIsForced true if {@link #forcedBos} is used; then after a prompt of one id the ids
   *     are ruled out as the second new id
   */
  public ProcessorChainBuilder suppressTokensAtBegin(List<Integer> ids, boolean firstIsForced) {
    return at(Step.SUPPRESS_TOKENS_AT_BEGIN, new SuppressTokensAtBegin(firstIsForced, array(ids)));
  }

  /** Sets the divisor of all logits, above 0. */
  public ProcessorChainBuilder temperature(double temperature) {
    return at(Step.TEMPERATURE, new Temperature((float) temperature));
  }

  /** Sets the share of the entropy that is kept, in (0, 1]. */
  public ProcessorChainBuilder topH(double topH) {
    return at(Step.TOP_H, new TopH(topH));
  }

  /** Sets the number of ids that are kept, at least 1. */
  public ProcessorChainBuilder topK(int k, int minTokensToKeep) {
    return at(Step.TOP_K, new TopK(k, minTokensToKeep));
  }

  /** Sets the probability that is kept, in [0, 1). */
  public ProcessorChainBuilder topP(double p, int minTokensToKeep) {
    return at(Step.TOP_P, new TopP(p, minTokensToKeep));
  }

  /** Sets the least probability relative to the likeliest id's, in [0, 1]. */
  public ProcessorChainBuilder minP(double minP, int minTokensToKeep) {
    return at(Step.MIN_P, new MinP(minP, minTokensToKeep));
  }

  /** Sets the probability of the typical ids that are kept, in (0, 1). */
  public ProcessorChainBuilder typicalP(double mass, int minTokensToKeep) {
    return at(Step.TYPICAL_P, new TypicalP(mass, minTokensToKeep));
  }

  /** Sets the least probability, in (0, 1). */
  public ProcessorChainBuilder epsilonCutoff(double epsilon, int minTokensToKeep) {
    return at(Step.EPSILON_CUTOFF, new EpsilonCutoff(epsilon, minTokensToKeep));
  }

  /** Sets the least probability, which is lowered by the entropy, in (0, 1). */
  public ProcessorChainBuilder etaCutoff(double epsilon, int minTokensToKeep) {
    return at(Step.ETA_CUTOFF, new EtaCutoff(epsilon, minTokensToKeep));
  }

  /** Turns the processed logits into log-probabilities. */
  public ProcessorChainBuilder logitNormalization() {
    return at(Step.LOGIT_NORMALIZATION, new LogitNormalization());
  }

  /** Returns the chain of all processors that were added. */
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
