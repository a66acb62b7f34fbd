package dev.polylm.generation;

/** Why a sequence ended. */
public enum FinishReason {
  /** The model gave one of the ids that end a sequence. */
  STOP_TOKEN,
  /** The text came to one of the strings that end it. */
  STOP_STRING,
  /** The most new tokens, or the model's context, was reached. */
  LENGTH,
  /** The time that the request allows was over. */
  TIME,
  /** It was cancelled, or the thread that waited for it was interrupted. */
  CANCELLED
}
