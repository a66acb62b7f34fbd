package dev.polylm.internal.delivery;

import dev.polylm.constraint.UnfinishedAnswerException;
import dev.polylm.generation.FinishReason;
import dev.polylm.generation.GenerationResult;

/** Tells answers that a close of the model cut from whole ones. */
public final class Closed {
  private Closed() {}

  /** Returns whether an answer was cut, in a call whose caller did not cancel it. */
  public static boolean cut(GenerationResult result) {
    return result.sequences().get(0).finishReason() == FinishReason.CANCELLED;
  }

  /** Returns the exception for such an answer. */
  public static UnfinishedAnswerException exception(GenerationResult result) {
    return new UnfinishedAnswerException(
        "the model was closed before the answer was complete, after %s tokens"
            .formatted(result.newTokens()),
        result.sequences().get(0).text());
  }
}
