package dev.polylm.jakarta.cdi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.polylm.PolyLm;
import dev.polylm.export.ExportListener;
import dev.polylm.export.ExportOptions;
import dev.polylm.export.Exporter;
import dev.polylm.export.WeightType;
import dev.polylm.internal.adapter.AdapterFile;
import dev.polylm.internal.adapter.AdapterMatrix;
import dev.polylm.jakarta.Model;
import dev.polylm.jakarta.server.Deployment;
import dev.polylm.langchain4j.PolyLmChatModel;
import dev.polylm.model.AdapterFacts;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Adapters that the configuration names, in beans. The SDK says what is right. */
final class AdaptersInjectionTest {
  private static final String PROMPT = "Beijing is the capital of China.";

  /** What the adapter takes. There is room for it once a model. */
  private static final int ADAPTER_BYTES = Float.BYTES * 4 * (256 + 768);

  @TempDir private static Path folder;

  /** What an application has. */
  @Dependent
  public static class Lawyer {
    @Inject private PolyLm polyLm;
    @Inject private ChatModel chatModel;
    @Inject private StreamingChatModel streamingChatModel;

    @Inject
    @Model(":legal")
    private PolyLm legal;

    @Inject
    @Model("small:legal")
    private ChatModel smallLegal;

    @Inject
    @Model("small")
    private ChatModel small;
  }

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

  private static Map<String, String> values(Path adapter) {
    Map<String, String> values = new HashMap<>();
    for (String model : List.of("", "small.")) {
      values.put("polylm." + model + "model.path", folder.resolve("model").toString());
      values.put("polylm." + model + "adapters.legal", adapter.toString());
      values.put("polylm." + model + "adapter-bytes", "" + ADAPTER_BYTES);
      values.put("polylm." + model + "generation.max-new-tokens", "12");
    }
    return values;
  }

  private static ChatRequest request(String name) {
    return ChatRequest.builder().messages(UserMessage.from(PROMPT)).modelName(name).build();
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

  @Test
  void aQualifierOrARequestChoosesOne() {
    Path adapter = folder.resolve("legal.adapter");
    try (Deployment deployment = new Deployment(values(adapter), Lawyer.class)) {
      Lawyer lawyer = deployment.get(Lawyer.class);
      String answer = ask(lawyer.chatModel, "base:legal");
      try (PolyLmChatModel expected = PolyLmChatModel.builder().polyLm(lawyer.legal).build()) {
        ChatRequest limited =
            ChatRequest.builder().messages(UserMessage.from(PROMPT)).maxOutputTokens(12).build();
        assertThat(expected.chat(limited).aiMessage().text()).isEqualTo(answer);
      }
      assertThat(lawyer.legal.generate(PROMPT)).isNotEqualTo(lawyer.polyLm.generate(PROMPT));
      assertThat(ask(lawyer.chatModel, "base")).isNotEqualTo(answer);
      assertThat(stream(lawyer.streamingChatModel, "base:legal")).isEqualTo(answer);
      assertThat(lawyer.smallLegal.chat(PROMPT)).isEqualTo(answer);
      assertThat(ask(lawyer.small, "base:legal")).isEqualTo(answer);
      assertThat(lawyer.small.chat(PROMPT)).isNotEqualTo(answer);
      assertThatThrownBy(() -> ask(lawyer.chatModel, "base:other"))
          .hasMessage("model \"base:other\" is unknown, expected one of base, base:legal");
    }
  }

  @Test
  void oneThatCantBeLoadedIsNamed() throws IOException {
    Path broken = Files.writeString(folder.resolve("broken.adapter"), "not an adapter at all");
    try (Deployment deployment = new Deployment(values(broken), Lawyer.class)) {
      assertThatThrownBy(() -> deployment.get(Lawyer.class))
          .hasStackTraceContaining("the model :legal can't be used: " + broken);
    }
  }
}
