package dev.polylm.quarkus.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.model.TokenCountEstimator;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.scoring.ScoringModel;
import dev.polylm.PolyLm;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.quarkus.Model;
import io.quarkus.test.QuarkusUnitTest;
import io.quarkus.test.common.http.TestHTTPResource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What an application injects, its health, and the lines of the guide and the README. */
final class InjectionTest {
  // guide >>>
  @ApplicationScoped
  public static class Translator {
    @Inject ChatModel chatModel;

    public String translate(String text) {
      return chatModel.chat(text + "\nTranslate this sentence from English to Chinese.");
    }
  }

  // <<<

  private static final Path FOLDER = TestModel.inFolder();

  @RegisterExtension
  static final QuarkusUnitTest APPLICATION =
      new QuarkusUnitTest()
          .withApplicationRoot(
              jar -> jar.addClasses(Translator.class, Health.class, TestModel.class))
          .overrideConfigKey("quarkus.http.test-port", "0")
          .overrideConfigKey("quarkus.polylm.model.path", FOLDER.toString())
          .overrideConfigKey("quarkus.polylm.device", "auto")
          .overrideConfigKey("quarkus.polylm.gpu-memory-limit", "2G")
          .overrideConfigKey("quarkus.polylm.provider-options.use_tf32", "0")
          .overrideConfigKey("quarkus.polylm.max-rows", "4")
          .overrideConfigKey("quarkus.polylm.models.small.model.path", FOLDER.toString())
          .overrideConfigKey("quarkus.polylm.models.small.generation.max-new-tokens", "2");

  // README >>>
  @Inject PolyLm polyLm;
  @Inject GenerationConfig defaults;
  @Inject ChatModel chatModel;

  @Inject
  @Model("small")
  ChatModel small;

  // <<<

  @Inject StreamingChatModel streamingChatModel;
  @Inject EmbeddingModel embeddingModel;
  @Inject ScoringModel scoringModel;
  @Inject TokenCountEstimator tokenCountEstimator;
  @Inject Translator translator;

  @Inject
  @Model("small")
  GenerationConfig smallConfig;

  @TestHTTPResource("/q/health/ready")
  URI readiness;

  @Test
  void theDefaultModelAnswers() {
    assertThat(polyLm.generate(TestModel.CARD)).isEqualTo("\n" + TestModel.ANSWER);
    assertThat(chatModel.chat(TestModel.CARD)).isEqualTo(TestModel.ANSWER);
    assertThat(embeddingModel.embed("Rome").content().vector())
        .containsExactly(polyLm.embed("Rome"));
    assertThat(tokenCountEstimator.estimateTokenCountInText("Rome"))
        .isEqualTo(polyLm.tokenizer().encode("Rome").length);
    assertThat(scoringModel.score("Rome is the capital of Italy.", "Italy").content()).isNegative();
    assertThat(streamingChatModel).isNotNull();
    assertThat(defaults.maxNewTokens()).isEmpty();
  }

  @Test
  void aNamedModelHasItsOwnConfiguration() {
    assertThat(smallConfig.maxNewTokens()).hasValue(2);
    assertThat(small.chat(TestModel.CARD)).isNotEmpty().isNotEqualTo(TestModel.ANSWER);
  }

  @Test
  void theGuideTranslates() throws IOException {
    assertThat(translator.translate("Beijing is the capital of China."))
        .isEqualTo(TestModel.ANSWER);
    assertThat(text("../../../docs/quarkus.md"))
        .contains(between("// guide >>>").replace("public static class", "public class"));
  }

  @Test
  void theReadmeHasTheFields() throws IOException {
    assertThat(text("../README.md").replaceAll(" // [^@`]*", " "))
        .contains(between("// README >>>"));
  }

  private static String between(String mark) throws IOException {
    String test = text("src/test/java/dev/polylm/quarkus/deployment/InjectionTest.java");
    int begin = test.indexOf(mark) + mark.length();
    return test.substring(begin, test.indexOf("// <<<", begin)).strip();
  }

  /** A file's text with a single space in place of any white space. */
  private static String text(String file) throws IOException {
    return Files.readString(Path.of(file)).replaceAll("\\s+", " ");
  }

  @Test
  void isReady() throws Exception {
    assertThat(Health.of(readiness))
        .contains(
            "{\"name\":\"polylm\",\"status\":\"UP\",\"data\":{\"model\":\"open\",\"small\":\"open\"}}");
  }
}
