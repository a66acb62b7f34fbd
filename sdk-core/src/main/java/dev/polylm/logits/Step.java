package dev.polylm.logits;

/**
 * The places in a {@link LogitsProcessorList}, in the order in which they run. The order is that of
 * {@code GenerationMixin._get_logits_processor} in transformers 5.17.0. Hugging Face does not have
 * {@link #LOGIT_BIAS}, {@link #FREQUENCY_PENALTY} and {@link #PRESENCE_PENALTY}; each comes next to
 * the most similar step. Guidance comes before the first step, because it needs a second row of
 * logits.
 */
public enum Step {
  SEQUENCE_BIAS,
  LOGIT_BIAS,
  REPETITION_PENALTY,
  FREQUENCY_PENALTY,
  PRESENCE_PENALTY,
  NO_REPEAT_NGRAM,
  BAD_WORDS,
  MIN_LENGTH,
  MIN_NEW_TOKENS,
  FORCED_BOS,
  FORCED_EOS,
  INF_NAN_REMOVE,
  EXPONENTIAL_DECAY_LENGTH_PENALTY,
  SUPPRESS_TOKENS,
  SUPPRESS_TOKENS_AT_BEGIN,
  /**
   * The place of a user's own processors, as in Hugging Face: after the steps above, before the
   * sampling steps.
   */
  CUSTOM,
  TEMPERATURE,
  TOP_H,
  TOP_K,
  TOP_P,
  MIN_P,
  TYPICAL_P,
  EPSILON_CUTOFF,
  ETA_CUTOFF,
  LOGIT_NORMALIZATION
}
