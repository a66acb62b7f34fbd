package dev.polylm.springai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import dev.polylm.PolyLmOptions;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.generation.GenerationRequest;
import dev.polylm.generation.GenerationResult;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.SystemMessage;
import org.springframework.ai.chat.messages.ToolResponseMessage;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.DefaultChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.content.Media;
import org.springframework.ai.model.tool.StructuredOutputChatOptions;
import org.springframework.ai.model.tool.ToolCallingChatOptions;
import org.springframework.ai.tool.function.FunctionToolCallback;
import org.springframework.util.MimeTypeUtils;
import reactor.test.StepVerifier;

/** Calls and streams on the real engine. */
final class PolyLmSpringAiChatModelTest {
  private static final String CARD =
      "Beijing is the capital of China.\nTranslate this sentence from English to Chinese.";
  private static final String ANSWER = "北京是中国的首都。";
  private static final String CITY =
      """
      {"type": "object", "required": ["city"],
       "properties": {"city": {"enum": ["Beijing", "Rome"]}}}""";

  private static PolyLm polyLm;
  private static PolyLmSpringAiChatModel model;

  @BeforeAll
  static void open() {
    polyLm = PolyLm.openEmbedded();
    model = PolyLmSpringAiChatModel.builder().polyLm(polyLm).build();
  }

  @AfterAll
  static void close() {
    polyLm.close();
  }

  private static String call(ChatOptions options) {
    return model.call(new Prompt(CARD, options)).getResult().getOutput().getText();
  }

  @Test
  void answersWithUsageAndTheReasonOfTheEnd() {
    ChatResponse response = model.call(new Prompt(CARD));
    assertThat(response.getResult().getOutput().getText()).isEqualTo(ANSWER);
    assertThat(response.getResult().getMetadata().getFinishReason()).isEqualTo("STOP");
    assertThat(response.getMetadata().getModel()).isEqualTo("polylm-tiny");
    GenerationResult expected = polyLm.generate(GenerationRequest.ofPrompt(CARD + "\n"));
    assertThat(response.getMetadata().getUsage().getCompletionTokens())
        .isEqualTo(expected.newTokens());
    assertThat(response.getMetadata().getUsage().getPromptTokens())
        .isEqualTo(expected.promptTokens());
  }

  @Test
  void aClientAnswers() {
    assertThat(ChatClient.create(model).prompt().user(CARD).call().content()).isEqualTo(ANSWER);
  }

  @Test
  void aConversationHasAllItsTurns() {
    List<Message> turns =
        List.of(
            new SystemMessage("Be brief."),
            new UserMessage("Rome is the capital of Italy."),
            new AssistantMessage("Roma"),
            new UserMessage("Translate this sentence from English to Spanish."));
    String expected =
        polyLm.generate(
            List.of(
                dev.polylm.prompt.ChatMessage.system("Be brief."),
                dev.polylm.prompt.ChatMessage.user("Rome is the capital of Italy."),
                dev.polylm.prompt.ChatMessage.assistant("Roma"),
                dev.polylm.prompt.ChatMessage.user(
                    "Translate this sentence from English to Spanish.")));
    assertThat(model.call(new Prompt(turns)).getResult().getOutput().getText()).isEqualTo(expected);
  }

  @Test
  void aConversationHasItsCallsOfTools() {
    List<Message> turns =
        List.of(
            new UserMessage("What's the weather?"),
            AssistantMessage.builder()
                .content("I look.")
                .toolCalls(
                    List.of(
                        new AssistantMessage.ToolCall("1", "function", "f", "{\"a\": 1}"),
                        new AssistantMessage.ToolCall("2", "function", "g", "{}")))
                .build(),
            ToolResponseMessage.builder()
                .responses(
                    List.of(
                        new ToolResponseMessage.ToolResponse("1", "f", "rain"),
                        new ToolResponseMessage.ToolResponse("3", "h", "sun")))
                .build());
    assertThat(ChatPrompts.messages(turns, null))
        .containsExactly(
            dev.polylm.prompt.ChatMessage.user("What's the weather?"),
            dev.polylm.prompt.ChatMessage.assistant("I look."),
            dev.polylm.prompt.ChatMessage.assistant(
                "{\"tool_calls\":[{\"name\":\"f\",\"arguments\":{\"a\":1}},{\"name\":\"g\",\"arguments\":{}}]}"),
            dev.polylm.prompt.ChatMessage.user("f({\"a\":1}) returned: rain"),
            dev.polylm.prompt.ChatMessage.user("h returned: sun"));
  }

  @Test
  void callAndStreamAgreeOnTools() {
    for (int beams : new int[] {1, 2}) {
      PolyLmChatOptions options =
          PolyLmChatOptions.builder()
              .maxTokens(60)
              .generationConfig(GenerationConfig.builder().numBeams(beams).build())
              .toolCallbacks(((ToolCallingChatOptions) weather(CITY)).getToolCallbacks())
              .build();
      AssistantMessage called = model.call(new Prompt(CARD, options)).getResult().getOutput();
      List<ChatResponse> streamed = model.stream(new Prompt(CARD, options)).collectList().block();
      AssistantMessage last = streamed.get(streamed.size() - 1).getResult().getOutput();
      assertThat(text(streamed)).isEqualTo(called.getText());
      assertThat(last.getToolCalls())
          .usingRecursiveFieldByFieldElementComparatorIgnoringFields("id")
          .isEqualTo(called.getToolCalls());
      assertThat(called.hasToolCalls() || !called.getText().isEmpty()).isTrue();
    }
  }

  @Test
  void honoursOptions() {
    ChatResponse two = model.call(new Prompt(CARD, ChatOptions.builder().maxTokens(2).build()));
    assertThat(two.getResult().getMetadata().getFinishReason()).isEqualTo("LENGTH");
    assertThat(two.getMetadata().getUsage().getCompletionTokens()).isEqualTo(2);
    assertThat(call(ChatOptions.builder().stopSequences(List.of("中国")).build())).isEqualTo("北京是");
    assertThat(call(ChatOptions.builder().temperature(0.0).topK(5).build())).isEqualTo(ANSWER);
    GenerationConfig seeded =
        GenerationConfig.builder().seed(7).maxNewTokens(12).doSample(true).build();
    ChatOptions hot = PolyLmChatOptions.builder().temperature(9.0).generationConfig(seeded).build();
    assertThat(call(hot)).isEqualTo(call(hot)).isNotEqualTo(ANSWER);
  }

  @Test
  void theModelsSettingsHoldForWhatOptionsLeaveOpen() {
    PolyLmSpringAiChatModel brief =
        PolyLmSpringAiChatModel.builder()
            .polyLm(polyLm)
            .generationConfig(GenerationConfig.builder().maxNewTokens(2).build())
            .build();
    Prompt more = new Prompt(CARD, ChatOptions.builder().maxTokens(3).build());
    assertThat(brief.call(new Prompt(CARD)).getMetadata().getUsage().getCompletionTokens())
        .isEqualTo(2);
    assertThat(brief.call(more).getMetadata().getUsage().getCompletionTokens()).isEqualTo(3);
  }

  @Test
  void anOutputSchemaMakesTheAnswerJson() throws Exception {
    String schema =
        """
        {"type": "object", "additionalProperties": false, "required": ["city", "country"],
         "properties": {"city": {"enum": ["Beijing", "Rome"]}, "country": {"type": "boolean"}}}""";
    for (ChatOptions options :
        List.of(
            PolyLmChatOptions.builder().outputSchema(schema).build(),
            StructuredOutputChatOptions.builder().outputSchema(schema).build())) {
      JsonNode answer = new ObjectMapper().readTree(call(options));
      assertThat(answer.path("city").asText()).isIn("Beijing", "Rome");
      assertThat(answer.path("country").isBoolean()).isTrue();
    }
  }

  /** The cities that an answer may name. */
  enum Name {
    BEIJING,
    ROME
  }

  /** What an answer of a client is read into. */
  record City(Name name, boolean capital) {}

  @Test
  void aClientReadsAnEntity() {
    City city =
        ChatClient.create(model)
            .prompt(CARD)
            .call()
            .entity(City.class, spec -> spec.useProviderStructuredOutput());
    assertThat(city.name()).isNotNull();
  }

  /** Options of a provider that PolyLM doesn't know. */
  private static final class ForeignOptions extends DefaultChatOptions {
    ForeignOptions() {
      super(null, null, null, null, null, null, null, null);
    }
  }

  @Test
  void refusesByName() {
    refuses(new ForeignOptions(), "the options are " + ForeignOptions.class.getName());
    refuses(
        ChatOptions.builder().model("gpt").build(),
        "model \"gpt\" is unknown, expected polylm-tiny");
    refuses(ChatOptions.builder().topP(3.0).build(), "top_p is 3.0, must be from 0.0 to 1.0");
    refuses(
        weather("{\"properties\": {\"city\": {\"type\": \"string\", \"pattern\": \"(?<=a)b\"}}}"),
        "the tool weather: ");
    refuses(weather("city"), "the tool weather's input schema is no JSON: ");
    refuses(
        weather("{} {}"),
        "the tool weather's input schema is no JSON: more follows after its end at line 1, column 4");
    refuses(
        weather("{\"type\":"), "the tool weather's input schema is no JSON: it ends too early at");
  }

  private static ChatOptions weather(String schema) {
    return ToolCallingChatOptions.builder()
        .toolCallbacks(
            FunctionToolCallback.builder("weather", (Map<String, String> city) -> "rain")
                .inputType(Map.class)
                .inputSchema(schema)
                .build())
        .build();
  }

  private static void refuses(ChatOptions options, String sentence) {
    assertThatThrownBy(() -> call(options))
        .isInstanceOf(PolyLmException.class)
        .hasMessageContaining(sentence);
    StepVerifier.create(model.stream(new Prompt(CARD, options)))
        .expectErrorSatisfies(error -> assertThat(error).hasMessageContaining(sentence))
        .verify();
  }

  @Test
  void refusesMessagesByName() {
    Media image = new Media(MimeTypeUtils.IMAGE_PNG, URI.create("file:/x.png"));
    refuses(
        UserMessage.builder().text("a").media(image).build(),
        "media in a user message is not supported by PolyLM");
    refuses(
        AssistantMessage.builder().media(List.of(image)).build(),
        "media in an assistant message is not supported by PolyLM");
  }

  private static void refuses(Message message, String sentence) {
    assertThatThrownBy(() -> model.call(new Prompt(message)))
        .isInstanceOf(PolyLmException.class)
        .hasMessage(sentence);
  }

  @Test
  void streamsPieces() {
    List<ChatResponse> responses = model.stream(new Prompt(CARD)).collectList().block();
    assertThat(responses).hasSizeGreaterThan(3);
    assertThat(text(responses)).isEqualTo(ANSWER);
    ChatResponse last = responses.get(responses.size() - 1);
    assertThat(last.getResult().getMetadata().getFinishReason()).isEqualTo("STOP");
    assertThat(last.getMetadata().getUsage().getCompletionTokens())
        .isEqualTo(model.call(new Prompt(CARD)).getMetadata().getUsage().getCompletionTokens());
  }

  private static String text(List<ChatResponse> responses) {
    return responses.stream()
        .map(response -> response.getResult().getOutput().getText())
        .collect(Collectors.joining());
  }

  @Test
  void withBeamsTheTextIsOnePiece() {
    ChatOptions beams =
        PolyLmChatOptions.builder()
            .generationConfig(GenerationConfig.builder().numBeams(2).build())
            .build();
    StepVerifier.create(
            model.stream(new Prompt(CARD, beams))
                .map(response -> response.getResult().getOutput().getText()))
        .expectNext(call(beams))
        .expectNext("")
        .verifyComplete();
  }

  @Test
  void cancellingEndsTheGeneration() {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    GenerationConfig longest =
        GenerationConfig.builder().maxNewTokens(480).minNewTokens(480).build();
    try (PolyLm own =
        PolyLm.openEmbedded(PolyLmOptions.builder().meterRegistry(registry).build())) {
      StepVerifier.create(
              PolyLmSpringAiChatModel.builder()
                  .polyLm(own)
                  .generationConfig(longest)
                  .build()
                  .stream(new Prompt(CARD)))
          .expectNextCount(2)
          .thenCancel()
          .verify();
      assertThat(registry.get("polylm.requests").tags("end", "cancelled").counter().count())
          .isEqualTo(1);
    }
  }

  @Test
  void isObserved() {
    TestObservationRegistry observations = TestObservationRegistry.create();
    PolyLmSpringAiChatModel observed =
        PolyLmSpringAiChatModel.builder().polyLm(polyLm).observationRegistry(observations).build();
    observed.call(new Prompt(CARD));
    TestObservationRegistryAssert.assertThat(observations)
        .hasObservationWithNameEqualTo("gen_ai.client.operation")
        .that()
        .hasLowCardinalityKeyValue("gen_ai.system", "polylm")
        .hasLowCardinalityKeyValue("gen_ai.request.model", "polylm-tiny")
        .hasLowCardinalityKeyValue("gen_ai.response.model", "polylm-tiny")
        .hasHighCardinalityKeyValue("gen_ai.response.finish_reasons", "[\"STOP\"]")
        .hasBeenStopped();
    observations.clear();
    observed.stream(new Prompt(CARD)).blockLast();
    TestObservationRegistryAssert.assertThat(observations)
        .hasObservationWithNameEqualTo("gen_ai.client.operation")
        .that()
        .hasHighCardinalityKeyValueWithKey("gen_ai.usage.output_tokens")
        .hasBeenStopped();
  }

  @Test
  void needsAPolyLm() {
    assertThatThrownBy(() -> PolyLmSpringAiChatModel.builder().build())
        .hasMessage("polyLm must be set");
  }
}
