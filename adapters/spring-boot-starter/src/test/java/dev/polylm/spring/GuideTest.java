package dev.polylm.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.model.chat.ChatModel;
import dev.polylm.PolyLm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.stereotype.Service;

/** The lines of the guide and the README. */
final class GuideTest {
  private static final String OWN = "import dev.polylm.spring.";

  // guide >>>
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

  // README >>>
  @Service
  public static class Asker {
    private final PolyLm polyLm;
    private final ChatModel small;

    Asker(PolyLm polyLm, @Qualifier("small") ChatModel small) {
      this.polyLm = polyLm;
      this.small = small;
    }

    public String ask(String text) {
      return polyLm.generate(text) + small.chat(text);
    }
  }

  // <<<

  @Test
  void askTwoModels(@TempDir Path folder) {
    TestModel.copyTo(folder);
    new ApplicationContextRunner()
        .withConfiguration(
            AutoConfigurations.of(
                PolyLmAutoConfiguration.class, PolyLmLangChain4jAutoConfiguration.class))
        .withBean(Asker.class)
        .withPropertyValues(
            "polylm.model.path=" + folder, "polylm.models.small.model.path=" + folder)
        .run(
            context ->
                assertThat(context.getBean(Asker.class).ask(TestModel.CARD))
                    .isEqualTo("\n" + TestModel.ANSWER + TestModel.ANSWER));
  }

  // customizer >>>
  @Configuration
  public static class ModelOptions {
    @Bean
    PolyLmOptionsCustomizer reproducible() {
      return (name, options) -> options.reproducible(name.equals("small"));
    }
  }

  // <<<

  @Test
  void oneModelIsReproducible(@TempDir Path folder) {
    TestModel.copyTo(folder);
    new ApplicationContextRunner()
        .withConfiguration(AutoConfigurations.of(PolyLmAutoConfiguration.class))
        .withUserConfiguration(ModelOptions.class)
        .withPropertyValues(
            "polylm.model.path=" + folder, "polylm.models.small.model.path=" + folder)
        .run(
            context -> {
              PolyLm small = context.getBean("smallPolyLm", PolyLm.class);
              assertThat(small.generationDefaults().reproducible()).isTrue();
              assertThat(context.getBean(PolyLm.class).generationDefaults().reproducible())
                  .isFalse();
            });
  }

  @Test
  void areWritten() throws IOException {
    String readme = lines("README.md");
    String guide = lines("../../docs/spring.md");
    assertThat(guide).contains(between("// guide >>>"));
    assertThat(readme).contains(between("// README >>>")).contains(between("// customizer >>>"));
    String test = lines("src/test/java/dev/polylm/spring/GuideTest.java");
    List<String> imports =
        (readme + "\n" + guide)
            .lines()
            .filter(line -> line.startsWith("import ") && !line.startsWith(OWN))
            .toList();
    assertThat(imports).hasSizeGreaterThan(6).allMatch(test::contains);
  }

  private static String between(String mark) throws IOException {
    String test = lines("src/test/java/dev/polylm/spring/GuideTest.java");
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
