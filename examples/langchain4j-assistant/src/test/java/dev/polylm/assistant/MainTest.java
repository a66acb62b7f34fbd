package dev.polylm.assistant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class MainTest {
  @Test
  void printsWhatTheReadmeShows() throws Exception {
    String readme = Files.readString(Path.of("README.md"));
    String shown =
        readme.replaceFirst("(?s).*With polylm-tiny it prints:\n\n```\n(.*?)```.*", "$1");
    assertThat(print()).isEqualTo(shown);
  }

  @Test
  void takesQuestionsOfOnesOwn() {
    assertThat(print("fr>pl ?Autriche", ">he"))
        .isEqualTo(
            """
            fr>pl ?Autriche
            Austria — stolica: Wiedeń.
            >he
            אוסטריה – הבירה: וינה.
            """);
  }

  @Test
  void saysWhatAQuestionIs() {
    assertThatThrownBy(() -> print("hello"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "\"hello\" is not a question, expected \"en>de A text.\", \"en>de ?term\" or \">de\"");
    assertThatThrownBy(() -> print(">de"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("there is no text yet, expected one in the first question");
  }

  private static String print(String... questions) {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream standard = System.out;
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      Main.main(questions);
    } finally {
      System.setOut(standard);
    }
    return printed.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
  }
}
