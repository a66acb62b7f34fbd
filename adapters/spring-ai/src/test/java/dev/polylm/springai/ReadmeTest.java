package dev.polylm.springai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylm.PolyLm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.tool.annotation.Tool;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** The README's lines. */
final class ReadmeTest {
  // translator >>>
  @RestController
  public static class Translator {
    private final ChatClient client;

    Translator(ChatClient.Builder builder) {
      client = builder.build();
    }

    @PostMapping("/translate")
    public String translate(@RequestBody String text) {
      return client
          .prompt(text + "\nTranslate this sentence from English to Chinese.")
          .call()
          .content();
    }
  }

  // <<<

  @Test
  void translate() {
    try (PolyLm polyLm = PolyLm.openEmbedded()) {
      PolyLmSpringAiChatModel model = PolyLmSpringAiChatModel.builder().polyLm(polyLm).build();
      assertThat(
              new Translator(ChatClient.builder(model))
                  .translate("Beijing is the capital of China."))
          .isEqualTo("北京是中国的首都。");
    }
  }

  // tool >>>
  public static class Thermometer {
    @Tool(description = "Returns the degrees in a city")
    public int degrees(String city) {
      return 10;
    }
  }

  // <<<

  @Test
  void measure() {
    try (PolyLm polyLm = TestModels.openWeather()) {
      PolyLmSpringAiChatModel model = PolyLmSpringAiChatModel.builder().polyLm(polyLm).build();
      assertThat(
              ChatClient.create(model)
                  .prompt("How warm is it in Tokyo?")
                  .tools(new Thermometer())
                  .call()
                  .content())
          .isEqualTo("It is 10 degrees in Tokyo.");
    }
  }

  @Test
  void areWritten() throws IOException {
    String readme = lines("README.md");
    assertThat(readme).contains(between("// translator >>>")).contains(between("// tool >>>"));
    String test = lines("src/test/java/dev/polylm/springai/ReadmeTest.java");
    assertThat(readme.lines().filter(line -> line.startsWith("import ")).toList())
        .hasSize(5)
        .allMatch(test::contains);
  }

  private static String between(String mark) throws IOException {
    String test = lines("src/test/java/dev/polylm/springai/ReadmeTest.java");
    int begin = test.indexOf(mark) + mark.length();
    return test.substring(begin, test.indexOf("// <<<", begin))
        .strip()
        .replace("public static class", "public class");
  }

  /** A file's lines without their indentation. */
  private static String lines(String file) throws IOException {
    return Files.readAllLines(Path.of(file)).stream()
        .map(String::strip)
        .collect(Collectors.joining("\n"));
  }
}
