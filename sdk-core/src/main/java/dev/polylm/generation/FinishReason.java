package dev.polylm.generation;

/** The reason why a sequence ended. */
public enum FinishReason {
  /** The model chose an id that ends a sequence. */
  STOP_TOKEN,
  /** The text contains one of the stop strings. */
  STOP_STRING,
  /** The text is complete under the request's constraint, and nothing may follow. */
  CONSTRAINT,
  /** The sequence reached its greatest length or the end of the model's context. */
  LENGTH,
  /** The time limit of the request passed. */
  TIME,
  /** The request was cancelled, or the thread that waited for it was interrupted. */
  CANCELLED
}
