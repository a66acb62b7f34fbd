package dev.polylm.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import dev.polylm.Adapter;
import dev.polylm.PolyLm;
import dev.polylm.export.ExportListener;
import dev.polylm.export.ExportOptions;
import dev.polylm.export.Exporter;
import dev.polylm.export.WeightType;
import dev.polylm.internal.adapter.AdapterFile;
import dev.polylm.internal.adapter.AdapterMatrix;
import dev.polylm.langchain4j.PolyLmChatModel;
import dev.polylm.model.AdapterFacts;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** Adapters that properties name, chosen by LangChain4j's requests. The SDK says what is right. */
final class LangChain4jAdaptersTest {
  /** What the adapter takes, so there is room for it once. */
  private static final int ADAPTER_BYTES = Float.BYTES * 4 * (256 + 768);

  @TempDir private static Path folder;

  @BeforeAll
  static void export() {
    Exporter.export(
        ExportOptions.builder(
                Path.of("../../examples/polylm-tiny/checkpoint"), folder.resolve("model"))
            .name("base")
            .weights(WeightType.FP32)
            .verify(false)
            .runTimeAdapters(new AdapterFacts(4, 2))
            .build(),
        ExportListener.NONE);
    Random random = new Random(5);
    AdapterMatrix.Shape shape = new AdapterMatrix.Shape("h.0.attn.c_attn", 256, 768, 4);
    AdapterFile.write(
        folder.resolve("legal.adapter"),
        List.of(shape),
        unused -> new AdapterMatrix(shape, numbers(random, 256 * 4), numbers(random, 4 * 768)));
  }

  private static float[] numbers(Random random, int count) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) random.nextGaussian() * 0.3f;
    }
    return numbers;
  }

  private static ApplicationContextRunner contexts() {
    return new ApplicationContextRunner()
        .withConfiguration(
            AutoConfigurations.of(
                PolyLmAutoConfiguration.class, PolyLmLangChain4jAutoConfiguration.class))
        .withBean(
            PolyLmOptionsCustomizer.class,
            () -> (name, options) -> options.adapterBytes(ADAPTER_BYTES))
        .withPropertyValues(
            "polylm.generation.max-new-tokens=12",
            "polylm.model.path=" + folder.resolve("model"),
            "polylm.adapters.legal=" + folder.resolve("legal.adapter"));
  }

  /** What an application injects. */
  static class Lawyer {
    @Autowired ChatModel chat;
    @Autowired StreamingChatModel streaming;
    @Autowired EmbeddingModel embedding;

    @Autowired
    @Qualifier("other") ChatModel ofOther;
  }

  private static ChatRequest request(String name) {
    return ChatRequest.builder()
        .messages(UserMessage.from(TestModel.CARD))
        .modelName(name)
        .maxOutputTokens(12)
        .build();
  }

  private static String ask(ChatModel model, String name) {
    return model.chat(request(name)).aiMessage().text();
  }

  private static String stream(StreamingChatModel model, String name) {
    CompletableFuture<String> answer = new CompletableFuture<>();
    model.chat(
        request(name),
        new StreamingChatResponseHandler() {
          @Override
          public void onCompleteResponse(ChatResponse response) {
            answer.complete(response.aiMessage().text());
          }

          @Override
          public void onError(Throwable error) {
            answer.completeExceptionally(error);
          }
        });
    return answer.join();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aRequestChoosesOneThatIsLoadedOnce(boolean lazy) {
    contexts()
        .withBean(Lawyer.class)
        .withPropertyValues(
            "polylm.lazy=" + lazy,
            "polylm.models.other.model.path=" + folder.resolve("model"),
            "polylm.models.other.adapters.legal=" + folder.resolve("legal.adapter"))
        .run(
            context -> {
              Lawyer lawyer = context.getBean(Lawyer.class);
              String answer = ask(lawyer.chat, "base:legal");
              PolyLm polyLm = context.getBean(PolyLm.class);
              Adapter legal = context.getBean("legalAdapter", Adapter.class);
              try (PolyLm with = polyLm.withAdapter(legal);
                  PolyLmChatModel expected = PolyLmChatModel.builder().polyLm(with).build()) {
                assertThat(ask(expected, "base")).isEqualTo(answer);
              }
              assertThat(ask(lawyer.chat, "base")).isNotEqualTo(answer);
              assertThat(stream(lawyer.streaming, "base:legal")).isEqualTo(answer);
              assertThat(ask(lawyer.ofOther, "base:legal")).isEqualTo(answer);
              assertThat(embedding(lawyer.embedding, "base:legal"))
                  .isNotEqualTo(embedding(lawyer.embedding, "base"));
            });
  }

  private static float[] embedding(EmbeddingModel model, String name) {
    return model
        .embed(EmbeddingRequest.builder().input("Rome").modelName(name).build())
        .embeddings()
        .get(0)
        .vector();
  }

  @Test
  void aModelOfTheApplicationsOwnHasNoneOfThem() {
    try (PolyLm own = PolyLm.open(folder.resolve("model"))) {
      contexts()
          .withBean(PolyLm.class, () -> own)
          .run(
              context -> {
                ChatModel chat = context.getBean(ChatModel.class);
                assertThat(ask(chat, "base")).isNotEmpty();
                assertThatThrownBy(() -> ask(chat, "base:legal"))
                    .hasMessage("model \"base:legal\" is unknown, expected one of base");
              });
    }
  }
}
