package dev.polylm.cli;

import dev.polylm.generation.FinishReason;
import dev.polylm.generation.GeneratedSequence;

/**
 * Prints an answer for a person, piece by piece. It leaves out a line break at the beginning, which
 * only ends the prompt's last line, and adds one at the end.
 */
final class AnswerPrinter {
  private final Streams streams;
  private boolean started;
  private boolean lineEnded;

  AnswerPrinter(Streams streams) {
    this.streams = streams;
  }

  void print(String piece) {
    String text = !started && piece.startsWith("\n") ? piece.substring(1) : piece;
    started |= !piece.isEmpty();
    if (!text.isEmpty()) {
      lineEnded = text.endsWith("\n");
      streams.print(text);
    }
  }

  /** Ends the answer. If the answer was cut, standard error says so. */
  void end(GeneratedSequence answer) {
    if (!lineEnded) {
      streams.print("\n");
    }
    if (answer.finishReason() == FinishReason.LENGTH) {
      streams.say(
          ("The answer was cut after %d tokens, at its limit or at the end of the model's"
                  + " context; --max-new-tokens sets the limit.")
              .formatted(answer.ids().length));
    }
  }
}
