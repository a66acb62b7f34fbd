package dev.polylm.generation;

/** Why a sequence ended. */
public enum FinishReason {
  /** The model gave one of the ids that end a sequence. */
  STOP_TOKEN,
  /** The most new tokens, or the model's context, was reached. */
  LENGTH
}
