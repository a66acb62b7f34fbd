package dev.polylm.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.UserMessage;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The README's lines of Java, between the two marks of each part. */
class ReadmeTest {
  // >>>
  interface Translator {
    @UserMessage("{{it}}\nTranslate this sentence from English to Chinese.")
    String translate(String text);
  }

  // <<<

  private static void run() {
    // >>>
    try (PolyLmChatModel model = PolyLmChatModel.builder().temperature(0.0).build()) {
      Translator translator = AiServices.create(Translator.class, model);
      System.out.println(translator.translate("Beijing is the capital of China."));
    }
    // <<<
  }

  @Test
  void printsWhatTheReadmeSays() {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream standard = System.out;
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      run();
    } finally {
      System.setOut(standard);
    }
    assertThat(printed.toString(StandardCharsets.UTF_8).strip()).isEqualTo("北京是中国的首都。");
  }

  @Test
  void isWhatTheReadmeShows() throws Exception {
    String here = code("src/test/java/dev/polylm/langchain4j/ReadmeTest.java");
    String[] parts = here.split("// >>>\n|\n+// <<<", -1);
    assertThat(code("README.md")).contains(parts[1].strip()).contains(parts[3].strip());
  }

  /** A file's lines without their indentation. */
  private static String code(String file) throws Exception {
    return Files.readAllLines(Path.of(file)).stream()
        .map(String::strip)
        .collect(Collectors.joining("\n"));
  }
}
