package dev.polylm.cli;

import dev.polylm.generation.FinishReason;
import dev.polylm.generation.GeneratedSequence;

/**
 * Prints answers for a person, piece by piece. It leaves out a line break at an answer's beginning,
 * which only ends the prompt's last line, adds one at its end, and puts an empty line between two
 * answers.
 */
final class AnswerPrinter {
  private final Streams streams;
  private boolean several;
  private boolean started;
  private boolean lineEnded;

  AnswerPrinter(Streams streams) {
    this.streams = streams;
  }

  /** Begins an answer. */
  void begin() {
    if (several) {
      streams.print("\n");
    }
    several = true;
    started = false;
    lineEnded = false;
  }

  /** Prints an answer that is complete. */
  void printWhole(GeneratedSequence answer) {
    begin();
    print(answer.text());
    end(answer);
  }

  /** Prints the next piece of the answer. */
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
    if (answer.finishReason() == FinishReason.CANCELLED) {
      streams.say("The answer was stopped after %s tokens.".formatted(answer.ids().length));
    }
    if (answer.finishReason() == FinishReason.LENGTH) {
      streams.say(
          ("The answer was cut after %s tokens, at its limit or at the end of the model's"
                  + " context; --max-new-tokens sets the limit.")
              .formatted(answer.ids().length));
    }
  }
}
