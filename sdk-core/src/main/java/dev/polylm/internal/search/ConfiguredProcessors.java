package dev.polylm.internal.search;

import dev.polylm.PolyLmException;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.internal.logits.ProcessorChain;
import dev.polylm.internal.logits.ProcessorChainBuilder;
import java.util.List;

/**
 * Makes the chain of processors for a request's settings, under the conditions of {@code
 * GenerationMixin._get_logits_processor} in transformers 5.17.0. It has only processors that change
 * something. Those that cut the distribution are used only with {@code do_sample}.
 *
 * <p>{@code guidance_scale} is not part of the chain: it needs a second row of logits, and {@link
 * dev.polylm.internal.logits.Guidance} joins the two before the chain runs.
 */
public final class ConfiguredProcessors {
  private final GenerationConfig config;
  private final ProcessorChainBuilder chain = ProcessorChain.builder();

  private ConfiguredProcessors(GenerationConfig config) {
    this.config = config;
  }

  /**
   * Returns a builder with the configured processors. A request's own processors can be added to
   * it.
   *
   * @param config the settings of the request, merged with the model's defaults
   * @param maxLength the row's greatest length, prompt included; see {@link
   *     GenerationConfig#maxLength(int, int)}
   * @param vocabSize the number of logits
   * @throws PolyLmException if a setting names an id that the vocabulary does not have
   */
  public static ProcessorChainBuilder of(GenerationConfig config, int maxLength, int vocabSize) {
    config.checkVocabulary(vocabSize);
    ConfiguredProcessors processors = new ConfiguredProcessors(config);
    processors.addBiases();
    processors.addPenalties();
    processors.addMinimumLengths();
    processors.addForcedAndSuppressed(maxLength);
    if (config.doSample()) {
      processors.addSampling();
    }
    if (config.renormalizeLogits()) {
      processors.chain.logitNormalization();
    }
    return processors.chain;
  }

  private void addBiases() {
    if (!config.sequenceBias().isEmpty()) {
      chain.sequenceBias(config.sequenceBias());
    }
    if (!config.logitBias().isEmpty()) {
      chain.logitBias(config.logitBias());
    }
    if (!config.badWordsIds().isEmpty()) {
      chain.badWords(config.badWordsIds(), config.eosTokenId());
    }
  }

  private void addPenalties() {
    if (config.repetitionPenalty() != 1) {
      chain.repetitionPenalty(config.repetitionPenalty());
    }
    if (config.frequencyPenalty() != 0) {
      chain.frequencyPenalty(config.frequencyPenalty());
    }
    if (config.presencePenalty() != 0) {
      chain.presencePenalty(config.presencePenalty());
    }
    if (config.noRepeatNgramSize() > 0) {
      chain.noRepeatNgram(config.noRepeatNgramSize());
    }
  }

  private void addMinimumLengths() {
    List<Integer> eos = config.eosTokenId();
    int minNewTokens = config.minNewTokens().orElse(0);
    if (minNewTokens > 0) {
      chain.minNewTokens(minNewTokens, eos);
    }
    // min_new_tokens takes precedence if a model's file has both.
    if (config.minLength() > 0 && config.minNewTokens().isEmpty()) {
      chain.minLength(config.minLength(), eos);
    }
    config
        .exponentialDecayLengthPenalty()
        .ifPresent(
            decay ->
                chain.exponentialDecayLengthPenalty(decay.startIndex(), decay.decayFactor(), eos));
  }

  private void addForcedAndSuppressed(int maxLength) {
    config.forcedBosTokenId().ifPresent(chain::forcedBos);
    if (!config.forcedEosTokenId().isEmpty()) {
      chain.forcedEos(maxLength, config.forcedEosTokenId());
    }
    if (config.removeInvalidValues()) {
      chain.infNanRemove();
    }
    if (!config.suppressTokens().isEmpty()) {
      chain.suppressTokens(config.suppressTokens());
    }
    if (!config.beginSuppressTokens().isEmpty()) {
      chain.suppressTokensAtBegin(
          config.beginSuppressTokens(), config.forcedBosTokenId().isPresent());
    }
  }

  private void addSampling() {
    int minTokensToKeep = minTokensToKeep();
    if (config.temperature() != 1) {
      chain.temperature(config.temperature());
    }
    config.topH().ifPresent(chain::topH);
    if (config.topK() > 0) {
      chain.topK(config.topK(), minTokensToKeep);
    }
    if (config.topP() < 1) {
      chain.topP(config.topP(), minTokensToKeep);
    }
    config.minP().ifPresent(minP -> chain.minP(minP, minTokensToKeep));
    if (config.typicalP() < 1) {
      chain.typicalP(config.typicalP(), minTokensToKeep);
    }
    if (config.epsilonCutoff() > 0) {
      chain.epsilonCutoff(config.epsilonCutoff(), minTokensToKeep);
    }
    if (config.etaCutoff() > 0) {
      chain.etaCutoff(config.etaCutoff(), minTokensToKeep);
    }
  }

  /**
   * Returns how many ids to keep at least. A beam must be able to continue, so this is one more
   * than the ids that can end it.
   */
  private int minTokensToKeep() {
    if (config.numBeams() == 1) {
      return 1;
    }
    return config.eosTokenId().isEmpty() ? 2 : config.eosTokenId().size() + 1;
  }
}
