package dev.polylm.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylm.PolyLm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.stereotype.Service;

/** The guide's lines, between the two marks. */
final class GuideTest {
  // >>>
  @Service
  public static class Translator {
    private final PolyLm polyLm;

    Translator(PolyLm polyLm) {
      this.polyLm = polyLm;
    }

    public String translate(String text) {
      return polyLm.generate(text + "\nTranslate this sentence from English to Chinese.");
    }
  }

  // <<<

  @Test
  void translate(@TempDir Path folder) {
    new ApplicationContextRunner()
        .withConfiguration(AutoConfigurations.of(PolyLmAutoConfiguration.class))
        .withBean(Translator.class)
        .withPropertyValues(
            "polylm.model.path=" + TestModel.copyTo(folder), "polylm.generation.max-new-tokens=100")
        .run(
            context ->
                assertThat(
                        context
                            .getBean(Translator.class)
                            .translate("Beijing is the capital of China."))
                    .isEqualTo("\n" + TestModel.ANSWER));
  }

  @Test
  void areInTheGuide() throws Exception {
    String here =
        lines("src/test/java/dev/polylm/spring/GuideTest.java").split("// >>>\n|\n+// <<<", -1)[1];
    assertThat(lines("../../docs/spring.md"))
        .contains(here.strip().replace("public static class", "public class"));
  }

  /** A file's lines without their indentation. */
  private static String lines(String file) throws Exception {
    return Files.readAllLines(Path.of(file)).stream()
        .map(String::strip)
        .collect(Collectors.joining("\n"));
  }
}
