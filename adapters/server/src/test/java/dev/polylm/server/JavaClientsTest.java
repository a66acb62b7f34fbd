package dev.polylm.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.models.embeddings.CreateEmbeddingResponse;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.responses.EasyInputMessage;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseFunctionToolCall;
import com.openai.models.responses.ResponseInputItem;
import com.openai.models.responses.ResponseStreamEvent;
import com.openai.models.responses.StructuredResponseCreateParams;
import com.openai.models.responses.ToolChoiceFunction;
import com.openai.models.responses.ToolChoiceOptions;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.http.client.jdk.JdkHttpClient;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiEmbeddingModel;
import dev.polylm.PolyLm;
import jakarta.enterprise.inject.spi.CDI;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Java's clients of OpenAI's API, one of which checks what it is sent. */
final class JavaClientsTest {
  private static final String PROMPT =
      "Beijing is the capital of China.\nTranslate this sentence from English to Chinese.";
  private static final String ANSWER = "北京是中国的首都。";

  private static PolyLmServer server;
  private static OpenAIClient openAi;

  @BeforeAll
  static void start() {
    server = PolyLmServer.start("127.0.0.1", 0, Map.of());
    server.awaitModels();
    openAi =
        OpenAIOkHttpClient.builder()
            .baseUrl(server.uri() + "v1")
            .apiKey("none")
            .maxRetries(0)
            .build();
  }

  @AfterAll
  static void stop() {
    openAi.close();
    server.close();
  }

  private static float[] embedding() {
    return CDI.current().select(PolyLm.class).get().embed("Monday");
  }

  @Test
  void openAiReadsVectorsInBase64() {
    CreateEmbeddingResponse response =
        openAi
            .embeddings()
            .create(EmbeddingCreateParams.builder().model("polylm-tiny").input("Monday").build())
            .validate();
    float[] expected = embedding();
    List<Float> numbers = response.data().get(0).embedding();
    assertThat(numbers).hasSize(expected.length);
    for (int i = 0; i < expected.length; i++) {
      assertThat(numbers.get(i)).isEqualTo(expected[i]);
    }
  }

  @Test
  void openAiReadsResponsesAndTheirEvents() {
    ResponseCreateParams params =
        ResponseCreateParams.builder().model("polylm-tiny").input(PROMPT).build();
    Response response = openAi.responses().create(params).validate();
    assertThat(text(response)).isEqualTo(ANSWER);
    assertThat(response.usage().orElseThrow().outputTokens()).isPositive();
    StringBuilder pieces = new StringBuilder();
    try (StreamResponse<ResponseStreamEvent> events = openAi.responses().createStreaming(params)) {
      events.stream()
          .map(ResponseStreamEvent::validate)
          .forEach(
              event -> {
                event.outputTextDelta().ifPresent(delta -> pieces.append(delta.delta()));
                event
                    .completed()
                    .ifPresent(end -> assertThat(text(end.response())).isEqualTo(ANSWER));
              });
    }
    assertThat(pieces).hasToString(ANSWER);
  }

  /** The client makes the schema of this class, and reads the answer as one. */
  public static final class City {
    public Name name;

    /** The cities that there are. */
    public enum Name {
      PEKING,
      ROME
    }
  }

  /** A tool, whose name and schema the client takes from this class. */
  @JsonClassDescription("The weather of a city.")
  public static final class Weather {
    public City.Name city;
  }

  @Test
  void openAiReadsResponsesAsObjects() {
    StructuredResponseCreateParams<City> params =
        ResponseCreateParams.builder().model("polylm-tiny").input(PROMPT).text(City.class).build();
    City city =
        openAi
            .responses()
            .create(params)
            .output()
            .get(0)
            .asMessage()
            .content()
            .get(0)
            .asOutputText();
    assertThat(city.name).isNotNull();
  }

  private static ResponseCreateParams.Builder weather() {
    return ResponseCreateParams.builder()
        .model("polylm-tiny")
        .addTool(Weather.class)
        .parallelToolCalls(false)
        .toolChoice(ToolChoiceFunction.builder().name("Weather").build());
  }

  @Test
  void openAiCallsToolsByResponses() {
    Response asked = openAi.responses().create(weather().input(PROMPT).build()).validate();
    ResponseFunctionToolCall call = asked.output().get(0).asFunctionCall();
    assertThat(call.name()).isEqualTo("Weather");
    assertThat(call.arguments(Weather.class).city).isNotNull();
    List<ResponseInputItem> conversation =
        List.of(
            ResponseInputItem.ofEasyInputMessage(
                EasyInputMessage.builder()
                    .role(EasyInputMessage.Role.USER)
                    .content(PROMPT)
                    .build()),
            ResponseInputItem.ofFunctionCall(call),
            ResponseInputItem.ofFunctionCallOutput(
                ResponseInputItem.FunctionCallOutput.builder()
                    .callId(call.callId())
                    .outputAsJson(Map.of("sky", "blue"))
                    .build()));
    Response answered =
        openAi
            .responses()
            .create(
                weather().toolChoice(ToolChoiceOptions.NONE).inputOfResponse(conversation).build())
            .validate();
    assertThat(text(answered)).isNotEmpty();
  }

  @Test
  void openAiReadsTheEventsOfACall() {
    StringBuilder arguments = new StringBuilder();
    List<String> done = new ArrayList<>();
    try (StreamResponse<ResponseStreamEvent> events =
        openAi.responses().createStreaming(weather().input(PROMPT).build())) {
      events.stream()
          .map(ResponseStreamEvent::validate)
          .forEach(
              event -> {
                event
                    .functionCallArgumentsDelta()
                    .ifPresent(delta -> arguments.append(delta.delta()));
                event
                    .functionCallArgumentsDone()
                    .ifPresent(end -> assertThat(end.arguments()).isEqualTo(arguments.toString()));
                event
                    .completed()
                    .ifPresent(
                        end ->
                            done.add(end.response().output().get(0).asFunctionCall().arguments()));
              });
    }
    assertThat(done).containsExactly(arguments.toString());
  }

  private static String text(Response response) {
    return response.output().get(0).asMessage().content().get(0).asOutputText().text();
  }

  @ParameterizedTest
  @EnumSource(HttpClient.Version.class)
  void langChain4jChatsAndEmbedsOverBothVersionsOfHttp(HttpClient.Version version) {
    var http = JdkHttpClient.builder().httpClientBuilder(HttpClient.newBuilder().version(version));
    OpenAiChatModel chat =
        OpenAiChatModel.builder()
            .baseUrl(server.uri() + "v1")
            .httpClientBuilder(http)
            .apiKey("none")
            .modelName("polylm-tiny")
            .maxRetries(0)
            .build();
    assertThat(chat.chat(UserMessage.from(PROMPT)).aiMessage().text()).isEqualTo(ANSWER);
    OpenAiEmbeddingModel embeddings =
        OpenAiEmbeddingModel.builder()
            .baseUrl(server.uri() + "v1")
            .httpClientBuilder(http)
            .apiKey("none")
            .modelName("polylm-tiny")
            .maxRetries(0)
            .build();
    float[] vector = embeddings.embed("Monday").content().vector();
    assertThat(vector).usingComparatorWithPrecision(1e-5f).containsExactly(embedding());
  }
}
