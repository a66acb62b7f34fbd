package dev.polylm.logits;

/**
 * The places of a {@link LogitsProcessorList}, in the order in which they are run: that of {@code
 * GenerationMixin._get_logits_processor} in transformers 5.17.0. What Hugging Face does not have
 * ({@link #LOGIT_BIAS}, {@link #FREQUENCY_PENALTY}, {@link #PRESENCE_PENALTY}) stands beside its
 * nearest kin. Guidance comes before the first step, because it needs a second row of logits.
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
  /** Where Hugging Face puts a user's own processors: after all that, before the sampling steps. */
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
