package dev.polylm.jakarta.openai;

import dev.polylm.generation.FinishReason;
import dev.polylm.generation.GeneratedSequence;
import dev.polylm.tokenizer.Tokenizer;
import java.nio.charset.StandardCharsets;

/**
 * Which of a sequence's ids are in the text for a client. Left out are the id that ended the
 * sequence, the ids of a stop string that was cut off, and the line break before a reply.
 *
 * @param from the index of the first
 * @param to the index after the last
 */
record ShownTokens(int from, int to) {

  static ShownTokens of(Task task, Choice choice, GeneratedSequence sequence) {
    Tokenizer tokenizer = task.polyLm().tokenizer();
    int[] ids = sequence.ids();
    int from = choice.text(task).length() < sequence.text().length() ? 1 : 0;
    int to = ids.length;
    if (sequence.finishReason() == FinishReason.STOP_TOKEN) {
      to--;
    } else if (sequence.finishReason() == FinishReason.STOP_STRING) {
      int cut = utf8Length(tokenizer.decode(ids)) - utf8Length(sequence.text());
      while (to > from && tokenizer.bytes(ids[to - 1]).length <= cut) {
        to--;
        cut -= tokenizer.bytes(ids[to]).length;
      }
    }
    return new ShownTokens(Math.min(from, to), to);
  }

  private static int utf8Length(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
