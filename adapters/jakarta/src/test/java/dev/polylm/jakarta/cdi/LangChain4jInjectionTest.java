package dev.polylm.jakarta.cdi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import dev.polylm.generation.GenerationHandle;
import dev.polylm.jakarta.Model;
import dev.polylm.jakarta.server.Deployment;
import dev.polylm.jakarta.server.StandingRequest;
import dev.polylm.langchain4j.PolyLmChatModel;
import dev.polylm.langchain4j.PolyLmStreamingChatModel;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** LangChain4j's models in a bean. */
final class LangChain4jInjectionTest {
  private static final String PROMPT =
      "Beijing is the capital of China.\nTranslate this sentence from English to Chinese.";
  private static final String REPLY = "北京是中国的首都。";

  /** What an application has. */
  @Dependent
  public static class Assistant {
    @Inject private PolyLm polyLm;
    @Inject private ChatModel chatModel;
    @Inject private StreamingChatModel streamingChatModel;
    @Inject private PolyLmChatModel ownChatModel;
    @Inject private PolyLmStreamingChatModel ownStreamingChatModel;
  }

  /** What an application with two models has. */
  @Dependent
  public static class TwoAssistants {
    @Inject private ChatModel chatModel;

    @Inject
    @Model("small")
    private ChatModel small;

    @Inject
    @Model("large")
    private ChatModel large;

    @Inject
    @Model("small")
    private StreamingChatModel streamingSmall;
  }

  @Test
  void theyAreInjected() {
    try (Deployment deployment = new Deployment(Map.of(), Assistant.class)) {
      Assistant assistant = deployment.get(Assistant.class);
      assertThat(assistant.chatModel.chat(PROMPT)).isEqualTo(REPLY);
      assertThat(Streamed.text(assistant.streamingChatModel, PROMPT)).isEqualTo(REPLY);
      assertThat(assistant.ownChatModel).isSameAs(assistant.chatModel);
      assertThat(assistant.ownStreamingChatModel).isSameAs(assistant.streamingChatModel);
      assertThat(deployment.get(Assistant.class).chatModel).isSameAs(assistant.chatModel);
    }
  }

  @Test
  void theyHoldSchemasAndCallTools() {
    JsonObjectSchema city =
        JsonObjectSchema.builder()
            .addEnumProperty("city", List.of("Peking", "Rom"))
            .required("city")
            .build();
    try (Deployment deployment = new Deployment(Map.of(), Assistant.class)) {
      ChatModel model = deployment.get(Assistant.class).chatModel;
      assertThat(model.supportedCapabilities()).contains(Capability.RESPONSE_FORMAT_JSON_SCHEMA);
      JsonSchema schema = JsonSchema.builder().name("answer").rootElement(city).build();
      ChatRequest asked =
          ChatRequest.builder()
              .messages(UserMessage.from(PROMPT))
              .responseFormat(
                  ResponseFormat.builder().type(ResponseFormatType.JSON).jsonSchema(schema).build())
              .build();
      assertThat(model.chat(asked).aiMessage().text())
          .matches("\\{\\s*\"city\"\\s*:\\s*\"(?:Peking|Rom)\"\\s*\\}");
      ChatRequest calling =
          ChatRequest.builder()
              .messages(UserMessage.from(PROMPT))
              .toolSpecifications(
                  ToolSpecification.builder().name("weather").parameters(city).build())
              .toolChoice(ToolChoice.REQUIRED)
              .build();
      ChatResponse call = model.chat(calling);
      assertThat(call.aiMessage().toolExecutionRequests())
          .isNotEmpty()
          .allSatisfy(
              request -> {
                assertThat(request.name()).isEqualTo("weather");
                assertThat(request.arguments()).containsAnyOf("Peking", "Rom");
              });
    }
  }

  @Test
  void theConfigurationHoldsWhereARequestSaysNothing() {
    Map<String, String> values =
        Map.of(
            "polylm.generation.max-new-tokens", "3",
            "polylm.generation.suppress-tokens", "[2]");
    try (Deployment deployment = new Deployment(values, Assistant.class)) {
      Assistant assistant = deployment.get(Assistant.class);
      ChatRequest request = ChatRequest.builder().messages(UserMessage.from(PROMPT)).build();
      ChatResponse response = assistant.chatModel.chat(request);
      assertThat(response.tokenUsage().outputTokenCount()).isEqualTo(3);
      assertThat(response.finishReason()).isEqualTo(FinishReason.LENGTH);
      assertThat(
              Streamed.response(assistant.streamingChatModel, PROMPT)
                  .join()
                  .tokenUsage()
                  .outputTokenCount())
          .isEqualTo(3);
      ChatResponse longer =
          assistant.chatModel.chat(
              ChatRequest.builder().messages(UserMessage.from(PROMPT)).maxOutputTokens(40).build());
      // Without the id that ends a text it goes on to the request's own limit.
      assertThat(longer.tokenUsage().outputTokenCount()).isEqualTo(40);
    }
  }

  @Test
  void theyAreToldApartByName(@TempDir Path folder) throws IOException {
    String path = InjectionTest.unpack(folder).toString();
    Map<String, String> values =
        Map.of(
            "polylm.small.model.path", path,
            "polylm.small.generation.max-new-tokens", "2",
            "polylm.large.model.path", path);
    try (Deployment deployment = new Deployment(values, TwoAssistants.class)) {
      TwoAssistants models = deployment.get(TwoAssistants.class);
      assertThat(models.chatModel).isSameAs(models.large);
      assertThat(models.large.chat(PROMPT)).isEqualTo(REPLY);
      assertThat(models.small.chat(PROMPT)).isNotEmpty().isNotEqualTo(REPLY);
      assertThat(Streamed.text(models.streamingSmall, PROMPT)).isEqualTo(models.small.chat(PROMPT));
    }
  }

  /** The injected PolyLm's one row is taken, so they wait. */
  @Test
  void theyShareTheEngine() {
    try (Deployment deployment = new Deployment(Map.of("polylm.max-rows", "1"), Assistant.class)) {
      Assistant assistant = deployment.get(Assistant.class);
      StandingRequest standing = new StandingRequest();
      GenerationHandle running = assistant.polyLm.start(standing.request());
      standing.awaitBegun();
      CompletableFuture<String> chat =
          CompletableFuture.supplyAsync(() -> assistant.chatModel.chat(PROMPT));
      CompletableFuture<ChatResponse> stream =
          Streamed.response(assistant.streamingChatModel, PROMPT);
      while (assistant.polyLm.engineState().waiting() < 2) {
        Thread.onSpinWait();
      }
      standing.goOn();
      assertThat(running.result().text()).isNotEmpty();
      assertThat(chat.join()).isEqualTo(REPLY);
      assertThat(stream.join().aiMessage().text()).isEqualTo(REPLY);
    }
  }

  @Test
  void theyAreClosedWithTheApplication() {
    Assistant assistant;
    try (Deployment deployment = new Deployment(Map.of(), Assistant.class)) {
      assistant = deployment.get(Assistant.class);
    }
    assertThatThrownBy(() -> assistant.chatModel.chat(PROMPT))
        .isInstanceOf(PolyLmException.class)
        .hasMessage("the model is closed");
    assertThatThrownBy(() -> Streamed.text(assistant.streamingChatModel, PROMPT))
        .hasRootCauseInstanceOf(PolyLmException.class)
        .hasRootCauseMessage("the model is closed");
    assertThatThrownBy(() -> assistant.polyLm.generate(PROMPT)).hasMessage("the model is closed");
  }
}
