package dev.polylm.assistant;

import dev.polylm.PolyLm;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Asks the assistant, which uses the model on the class path, and prints its answers while they are
 * made.
 */
public final class Main {
  private static final List<String> DEMONSTRATION =
      List.of(
          "en>de Rome is the capital of Italy.",
          ">es",
          ">ru",
          "en>zh ?Japan",
          ">ko",
          "th>en ?ญี่ปุ่น");

  private Main() {}

  /**
   * Asks.
   *
   * @param args questions such as {@code en>de A text.}, {@code en>de ?term} for a term of the
   *     glossary, and {@code >es} for the same in another language; none for a demonstration
   */
  public static void main(String[] args) {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    try (PolyLm polyLm = PolyLm.openEmbedded();
        Assistant assistant = new Assistant(polyLm)) {
      for (String question : args.length == 0 ? DEMONSTRATION : List.of(args)) {
        out.println(question);
        assistant.answer(Turn.parse(question), out::print);
        out.println();
      }
    }
  }
}
