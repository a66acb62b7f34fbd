package dev.polylm.cli;

/**
 * Prints an answer for a person, piece by piece: without a line break that it begins with, which
 * only ends the prompt's last line, and with one at its end.
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

  void end() {
    if (!lineEnded) {
      streams.print("\n");
    }
  }
}
