package dev.polylm.jakarta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.http.client.jdk.JdkHttpClient;
import dev.langchain4j.http.client.jdk.JdkHttpClientBuilder;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.langchain4j.model.chat.request.json.JsonEnumSchema;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiLanguageModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.langchain4j.model.output.FinishReason;
import dev.polylm.jakarta.server.Client;
import java.net.http.HttpClient;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** LangChain4j's client of OpenAI's API. */
abstract class LangChain4jContract extends ServerContract {
  private static final String PROMPT =
      "Beijing is the capital of China.\nTranslate this sentence from English to Chinese.";

  /** Grizzly does not read the body of a request that offers an upgrade to HTTP/2. */
  private static JdkHttpClientBuilder http() {
    return JdkHttpClient.builder()
        .httpClientBuilder(HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1));
  }

  private OpenAiChatModel.OpenAiChatModelBuilder model() {
    return OpenAiChatModel.builder()
        .baseUrl(server().uri() + "v1")
        .httpClientBuilder(http())
        .apiKey("none")
        .modelName("polylm-tiny")
        .maxRetries(0);
  }

  @Test
  void chats() {
    ChatRequest request =
        ChatRequest.builder().messages(UserMessage.from(PROMPT)).temperature(0.0).build();
    ChatResponse response = model().seed(3).maxTokens(50).build().chat(request);
    assertThat(response.aiMessage().text()).isEqualTo("北京是中国的首都。");
    assertThat(response.finishReason()).isEqualTo(FinishReason.STOP);
    assertThat(response.tokenUsage().outputTokenCount()).isPositive();
    assertThat(response.modelName()).isEqualTo("polylm-tiny");
  }

  @Test
  void passesPolyLmsOwnSettingsOn() {
    OpenAiChatModel model =
        model()
            .customParameters(Map.of("num_beams", 2, "suppress_tokens", List.of(2)))
            .maxTokens(30)
            .build();
    ChatResponse response = model.chat(UserMessage.from(PROMPT));
    assertThat(response.finishReason()).isEqualTo(FinishReason.LENGTH);
    assertThat(response.tokenUsage().outputTokenCount()).isEqualTo(30);
  }

  @Test
  void chatsInAStream() {
    OpenAiStreamingChatModel model =
        OpenAiStreamingChatModel.builder()
            .baseUrl(server().uri() + "v1")
            .httpClientBuilder(http())
            .apiKey("none")
            .modelName("polylm-tiny")
            .build();
    CompletableFuture<ChatResponse> response = new CompletableFuture<>();
    StringBuilder pieces = new StringBuilder();
    model.chat(
        PROMPT,
        new StreamingChatResponseHandler() {
          @Override
          public void onPartialResponse(String piece) {
            pieces.append(piece);
          }

          @Override
          public void onCompleteResponse(ChatResponse complete) {
            response.complete(complete);
          }

          @Override
          public void onError(Throwable error) {
            response.completeExceptionally(error);
          }
        });
    assertThat(response.join().aiMessage().text()).isEqualTo("北京是中国的首都。");
    assertThat(pieces).hasToString("北京是中国的首都。");
    assertThat(response.join().tokenUsage().outputTokenCount()).isPositive();
    assertThat(response.join().finishReason()).isEqualTo(FinishReason.STOP);
  }

  private static final JsonEnumSchema CITY =
      JsonEnumSchema.builder().enumValues("Peking", "Rom").build();

  private static final ToolSpecification WEATHER =
      ToolSpecification.builder()
          .name("weather")
          .description("The weather of a city.")
          .parameters(JsonObjectSchema.builder().addProperty("city", CITY).required("city").build())
          .build();

  @Test
  void readsJsonOfASchema() {
    JsonObjectSchema root =
        JsonObjectSchema.builder().addProperty("city", CITY).required("city").build();
    JsonSchema schema = JsonSchema.builder().name("answer").rootElement(root).build();
    ChatRequest request =
        ChatRequest.builder()
            .messages(UserMessage.from(PROMPT))
            .responseFormat(
                ResponseFormat.builder().type(ResponseFormatType.JSON).jsonSchema(schema).build())
            .build();
    for (boolean strict : new boolean[] {true, false}) {
      ChatResponse response = model().strictJsonSchema(strict).build().chat(request);
      assertThat(Client.json(response.aiMessage().text()).path("city").asText())
          .isIn("Peking", "Rom");
    }
  }

  @Test
  void callsTools() {
    ChatRequest request =
        ChatRequest.builder()
            .messages(UserMessage.from(PROMPT))
            .toolSpecifications(WEATHER)
            .toolChoice(ToolChoice.REQUIRED)
            .build();
    ChatResponse response = model().parallelToolCalls(false).build().chat(request);
    assertThat(response.finishReason()).isEqualTo(FinishReason.TOOL_EXECUTION);
    ToolExecutionRequest call = response.aiMessage().toolExecutionRequests().get(0);
    assertThat(call.name()).isEqualTo("weather");
    assertThat(Client.json(call.arguments()).path("city").asText()).isIn("Peking", "Rom");
    ChatRequest answer =
        ChatRequest.builder()
            .messages(
                UserMessage.from(PROMPT),
                response.aiMessage(),
                ToolExecutionResultMessage.from(call, "sunny"))
            .build();
    assertThat(model().build().chat(answer).aiMessage().text()).isNotEmpty();
  }

  @Test
  void completes() {
    OpenAiLanguageModel model =
        OpenAiLanguageModel.builder()
            .baseUrl(server().uri() + "v1")
            .httpClientBuilder(http())
            .apiKey("none")
            .modelName("polylm-tiny")
            .build();
    assertThat(model.generate(PROMPT).content()).isEqualTo("\n北京是中国的首都。");
  }

  @Test
  void readsErrors() {
    assertThatThrownBy(() -> model().temperature(7.0).build().chat(PROMPT))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("temperature is 7.0, must be a number from 0.0 to 2.0.");
  }
}
