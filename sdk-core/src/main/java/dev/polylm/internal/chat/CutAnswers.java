package dev.polylm.internal.chat;

import dev.polylm.constraint.UnfinishedAnswerException;
import dev.polylm.generation.GenerationResult;
import dev.polylm.internal.delivery.Closed;

/** Refuses answers that a close of the model cut, where a caller would take them for whole. */
public final class CutAnswers {
  private CutAnswers() {}

  /**
   * Returns the result of a call that waited for it.
   *
   * @throws UnfinishedAnswerException if the model was closed at once meanwhile; an interrupted
   *     thread gets the text so far, since its flag tells it
   */
  public static GenerationResult checked(GenerationResult result) {
    return Thread.currentThread().isInterrupted() ? result : checkedUncancelled(result);
  }

  /**
   * Returns the result of a generation that its caller did not cancel.
   *
   * @throws UnfinishedAnswerException if the model was closed at once meanwhile
   */
  public static GenerationResult checkedUncancelled(GenerationResult result) {
    if (Closed.cut(result)) {
      throw Closed.exception(result);
    }
    return result;
  }
}
