package dev.polylm.quarkus.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.listener.ChatModelRequestContext;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.listener.EmbeddingModelListener;
import dev.langchain4j.model.embedding.listener.EmbeddingModelRequestContext;
import dev.polylm.PolyLm;
import dev.polylm.generation.GenerationConfig;
import io.quarkus.test.QuarkusUnitTest;
import io.quarkus.test.common.http.TestHTTPResource;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** LangChain4j's models use the application's own beans, and nothing else is opened. */
final class OwnPolyLmTest {
  @RegisterExtension
  static final QuarkusUnitTest APPLICATION =
      new QuarkusUnitTest()
          .withApplicationRoot(
              jar -> jar.addClasses(OwnBeans.class, Counter.class, Health.class, TestModel.class))
          .overrideConfigKey("quarkus.http.test-port", "0")
          .overrideConfigKey("quarkus.polylm.generation.max-new-tokens", "100")
          .overrideConfigKey("quarkus.polylm.model.path", "/nowhere");

  /** Takes the place of PolyLM's. */
  @Singleton
  public static class OwnBeans {
    @Produces
    @Singleton
    PolyLm polyLm() {
      return PolyLm.openEmbedded();
    }

    void close(@Disposes PolyLm polyLm) {
      polyLm.close();
    }

    @Produces
    @Singleton
    GenerationConfig generation() {
      return GenerationConfig.builder().maxNewTokens(2).build();
    }
  }

  /** Counts what it is told. */
  @Singleton
  public static class Counter implements ChatModelListener, EmbeddingModelListener {
    final AtomicInteger chats = new AtomicInteger();
    final AtomicInteger embeddings = new AtomicInteger();

    @Override
    public void onRequest(ChatModelRequestContext context) {
      chats.incrementAndGet();
    }

    @Override
    public void onRequest(EmbeddingModelRequestContext context) {
      embeddings.incrementAndGet();
    }
  }

  @Inject PolyLm polyLm;
  @Inject ChatModel chatModel;
  @Inject StreamingChatModel streamingChatModel;
  @Inject EmbeddingModel embeddingModel;
  @Inject Counter counter;

  @TestHTTPResource("/q/health/ready")
  URI readiness;

  @Test
  void areUsed() {
    String answer = chatModel.chat(TestModel.CARD);
    assertThat(answer).isNotEmpty().isNotEqualTo(TestModel.ANSWER);
    assertThat(TestModel.ANSWER).startsWith(answer);
    assertThat(polyLm.generate(TestModel.CARD)).isEqualTo("\n" + TestModel.ANSWER);
  }

  @Test
  void nothingElseIsOpened() throws Exception {
    assertThat(Health.of(readiness))
        .contains("{\"name\":\"polylm\",\"status\":\"UP\"}"); // no model is listed
  }

  @Test
  void listenersAreCalled() {
    int before = counter.chats.get();
    String answer = chatModel.chat(TestModel.CARD);
    assertThat(counter.chats).hasValue(before + 1);
    CompletableFuture<String> streamed = new CompletableFuture<>();
    streamingChatModel.chat(
        TestModel.CARD,
        new StreamingChatResponseHandler() {
          @Override
          public void onPartialResponse(String piece) {}

          @Override
          public void onCompleteResponse(ChatResponse response) {
            streamed.complete(response.aiMessage().text());
          }

          @Override
          public void onError(Throwable error) {
            streamed.completeExceptionally(error);
          }
        });
    assertThat(streamed.join()).isEqualTo(answer);
    assertThat(counter.chats).hasValue(before + 2);
    assertThat(embeddingModel.embed("Rome").content().vector())
        .containsExactly(polyLm.embed("Rome"));
    assertThat(counter.embeddings).hasValue(1);
  }
}
