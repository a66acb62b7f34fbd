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
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What an application injects, and its health. */
final class InjectionTest {
  private static final Path FOLDER = TestModel.inFolder();

  @RegisterExtension
  static final QuarkusUnitTest APPLICATION =
      new QuarkusUnitTest()
          .withApplicationRoot(jar -> jar.addClass(TestModel.class))
          .overrideConfigKey("quarkus.http.test-port", "0")
          .overrideConfigKey("quarkus.polylm.model.path", FOLDER.toString())
          .overrideConfigKey("quarkus.polylm.max-rows", "4")
          .overrideConfigKey("quarkus.polylm.models.brief.model.path", FOLDER.toString())
          .overrideConfigKey("quarkus.polylm.models.brief.generation.max-new-tokens", "2");

  @Inject PolyLm polyLm;
  @Inject GenerationConfig generationConfig;
  @Inject ChatModel chatModel;
  @Inject StreamingChatModel streamingChatModel;
  @Inject EmbeddingModel embeddingModel;
  @Inject ScoringModel scoringModel;
  @Inject TokenCountEstimator tokenCountEstimator;

  @Inject
  @Model("brief")
  ChatModel brief;

  @Inject
  @Model("brief")
  GenerationConfig briefConfig;

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
    assertThat(generationConfig.maxNewTokens()).isEmpty();
  }

  @Test
  void aNamedModelHasItsOwnConfiguration() {
    assertThat(briefConfig.maxNewTokens()).hasValue(2);
    assertThat(brief.chat(TestModel.CARD)).isNotEmpty().isNotEqualTo(TestModel.ANSWER);
  }

  @Test
  void isReady() throws Exception {
    String health =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(readiness).build(),
                BodyHandlers.ofString(StandardCharsets.UTF_8))
            .body();
    assertThat(health.replaceAll("\\s", ""))
        .contains(
            "{\"name\":\"polylm\",\"status\":\"UP\",\"data\":{\"model\":\"open\",\"brief\":\"open\"}}");
  }
}
