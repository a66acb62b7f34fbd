package dev.polylm.jakarta.openai;

import dev.polylm.generation.FinishReason;
import dev.polylm.generation.GeneratedSequence;
import dev.polylm.scoring.Score;
import org.jspecify.annotations.Nullable;

/**
 * One answer.
 *
 * @param index its place in the response
 * @param promptScore the prompt's ids after the first, null if they were not asked for
 * @param sequence null if no new ids were asked for
 */
record Choice(
    int index,
    TaskPrompt prompt,
    @Nullable Score promptScore,
    @Nullable GeneratedSequence sequence) {

  /** The new text, without what the form of a reply says before it. */
  String text(Task task) {
    return sequence == null ? "" : new ReplyText(task).accept(sequence.text());
  }

  /** As OpenAI's API names it; time that is over counts as a length that is reached. */
  String finishReason() {
    boolean stopped =
        sequence != null
            && (sequence.finishReason() == FinishReason.STOP_TOKEN
                || sequence.finishReason() == FinishReason.STOP_STRING);
    return stopped ? "stop" : "length";
  }
}
