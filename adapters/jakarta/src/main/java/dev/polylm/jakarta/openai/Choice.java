package dev.polylm.jakarta.openai;

import dev.polylm.generation.FinishReason;
import dev.polylm.generation.GeneratedSequence;
import dev.polylm.scoring.Score;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One answer.
 *
 * @param index its place in the response
 * @param promptScore the score of the prompt's ids after the first, null if it was not asked for
 * @param sequence null if no new ids were asked for
 */
record Choice(
    int index,
    Task.SentPrompt prompt,
    @Nullable Score promptScore,
    @Nullable GeneratedSequence sequence) {
  private static final Set<FinishReason> STOPPED =
      Set.of(FinishReason.STOP_TOKEN, FinishReason.STOP_STRING, FinishReason.CONSTRAINT);

  /** Returns the new text, without what a reply's form puts before it. */
  String text(Task task) {
    return sequence == null ? "" : task.replyText().accept(sequence.text());
  }

  /**
   * Returns the reason by OpenAI's name. If the time ran out, it is the one for a reached length.
   */
  String finishReason() {
    return sequence != null && STOPPED.contains(sequence.finishReason()) ? "stop" : "length";
  }
}
