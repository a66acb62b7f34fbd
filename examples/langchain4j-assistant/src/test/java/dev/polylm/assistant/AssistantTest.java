package dev.polylm.assistant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylm.PolyLm;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class AssistantTest {
  private static PolyLm polyLm;

  @BeforeAll
  static void open() {
    polyLm = PolyLm.openEmbedded();
  }

  @AfterAll
  static void close() {
    polyLm.close();
  }

  @Test
  void givesTheAnswerInPieces() {
    try (Assistant assistant = new Assistant(polyLm)) {
      List<String> pieces = new ArrayList<>();
      String answer =
          assistant.answer(Turn.parse("en>de Paris is the capital of France."), pieces::add);
      assertThat(answer).isEqualTo("Paris ist die Hauptstadt von Frankreich.");
      assertThat(pieces).hasSizeGreaterThan(3);
      assertThat(String.join("", pieces)).isEqualTo(answer);
    }
  }

  /** Only the memory can know the sentence of the second question. */
  @Test
  void remembersTheSentence() {
    try (Assistant assistant = new Assistant(polyLm)) {
      for (String name :
          List.of("Madrid is the capital of Spain.", "Moscow is the capital of Russia.")) {
        answer(assistant, "en>zh " + name);
        assertThat(answer(assistant, ">ja"))
            .isEqualTo(name.startsWith("Madrid") ? "マドリードはスペインの首都です。" : "モスクワはロシアの首都です。");
      }
    }
  }

  /** The glossary's sentence is what is translated, and what is remembered. */
  @Test
  void findsTheSentenceOfATerm() {
    try (Assistant assistant = new Assistant(polyLm)) {
      assertThat(answer(assistant, "de>en ?Russland"))
          .isEqualTo("Moscow is the capital of Russia.");
      assertThat(answer(assistant, "ja>de ?イタリア")).isEqualTo("Rom ist die Hauptstadt von Italien.");
      assertThat(answer(assistant, ">es")).isEqualTo("Roma es la capital de Italia.");
    }
  }

  /** A term that the glossary does not have is translated as it is. */
  @Test
  void aTermThatIsUnknownStaysAsItIs() {
    try (Assistant assistant = new Assistant(polyLm)) {
      assertThat(answer(assistant, "nl>zh ?x9")).isEqualTo(answer(assistant, "nl>zh x9"));
    }
  }

  private static String answer(Assistant assistant, String question) {
    return assistant.answer(Turn.parse(question), piece -> {});
  }
}
