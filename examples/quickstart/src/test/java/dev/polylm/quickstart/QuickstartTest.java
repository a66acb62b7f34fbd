package dev.polylm.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class QuickstartTest {
  @Test
  void printsTheAnswerBehindThePrompt() {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream standard = System.out;
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      Quickstart.main(new String[0]);
    } finally {
      System.setOut(standard);
    }
    assertThat(printed.toString(StandardCharsets.UTF_8).lines())
        .containsExactly(
            "Beijing is the capital of China.",
            "Translate this sentence from English to Chinese.",
            "北京是中国的首都。");
  }

  /** The README shows the lines that this test runs. */
  @Test
  void isWhatTheReadmeShows() throws Exception {
    assertThat(code(Path.of("../../README.md")))
        .contains(
            code(Path.of("src/main/java/dev/polylm/quickstart/Quickstart.java"))
                .replaceFirst("(?s).*?(?=try \\()", "")
                .replaceFirst("(?s)\n}\n}\n*$", ""));
  }

  /** A file's lines without their indentation. */
  private static String code(Path file) throws Exception {
    return Files.readAllLines(file).stream().map(String::strip).collect(Collectors.joining("\n"));
  }
}
