package dev.polylm.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.AudioContent;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.CustomMessage;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.PdfFileContent;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.message.VideoContent;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.langchain4j.model.chat.request.json.JsonRawSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.polylm.PolyLmException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is not answered, and what is said of it. */
class RefusalsTest {
  private static final UserMessage HELLO = UserMessage.from("hello");
  private static final ToolSpecification TOOL =
      ToolSpecification.builder().name("getWeather").build();
  private static final ToolExecutionRequest CALL =
      ToolExecutionRequest.builder().id("1").name("getWeather").arguments("{}").build();
  private static final ChatRequestParameters UNENFORCEABLE =
      ChatRequestParameters.builder()
          .responseFormat(
              ResponseFormat.builder()
                  .type(ResponseFormatType.JSON)
                  .jsonSchema(
                      JsonSchema.builder()
                          .name("a")
                          .rootElement(
                              JsonRawSchema.from(
                                  "{\"type\": \"array\", \"contains\": {\"type\": \"string\"}}"))
                          .build())
                  .build())
          .build();
  private static PolyLmChatModel model;

  @BeforeAll
  static void open() {
    model = PolyLmChatModel.builder().modelPath(TestModels.replies()).build();
  }

  @AfterAll
  static void close() {
    model.close();
  }

  @Test
  void contentThatIsNoText() {
    assertUnsupported(
        "image content is not supported by PolyLM",
        UserMessage.from(TextContent.from("a"), ImageContent.from("http://localhost/a.png")));
    assertUnsupported(
        "audio content is not supported by PolyLM",
        UserMessage.from(AudioContent.from("http://localhost/a.mp3")));
    assertUnsupported(
        "video content is not supported by PolyLM",
        UserMessage.from(VideoContent.from("http://localhost/a.mp4")));
    assertUnsupported(
        "pdf content is not supported by PolyLM",
        UserMessage.from(PdfFileContent.from("http://localhost/a.pdf")));
  }

  @Test
  void messagesThatHoldMoreThanTheirText() {
    assertUnsupported(
        "non-text content of a tool's result is not supported by PolyLM",
        HELLO,
        AiMessage.from(CALL),
        ToolExecutionResultMessage.builder()
            .id("1")
            .toolName("getWeather")
            .contents(List.of(ImageContent.from("http://localhost/a.png")))
            .build());
    assertUnsupported(
        "a message of type CUSTOM is not supported by PolyLM",
        CustomMessage.from(Map.of("a", "b")));
  }

  @Test
  void formsThatCannotBeEnforced() {
    assertThatThrownBy(
            () ->
                chat(
                    ChatRequestParameters.builder().toolChoice(ToolChoice.REQUIRED).build(), HELLO))
        .isExactlyInstanceOf(InvalidRequestException.class)
        .hasMessage("ToolChoice.REQUIRED needs at least one tool specification, found none");
    assertThatThrownBy(() -> chat(UNENFORCEABLE, HELLO))
        .isExactlyInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("contains");
    assertThatThrownBy(
            () ->
                chat(ChatRequestParameters.builder().toolSpecifications(TOOL, TOOL).build(), HELLO))
        .isExactlyInstanceOf(InvalidRequestException.class)
        .hasMessage("each tool needs its own name, found getWeather, getWeather");
  }

  @Test
  void formsOfAModelsDefaults() {
    assertThatThrownBy(
            () ->
                PolyLmStreamingChatModel.builder().defaultRequestParameters(UNENFORCEABLE).build())
        .isExactlyInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("contains");
  }

  @Test
  void whatSaysNothingMore() {
    ChatRequestParameters plain =
        ChatRequestParameters.builder()
            .toolChoice(ToolChoice.AUTO)
            .responseFormat(ResponseFormat.TEXT)
            .maxOutputTokens(2)
            .build();
    assertThat(chat(plain, HELLO)).isEqualTo("Hello");
  }

  @Test
  void conversationsThatAreNone() {
    assertInvalid(
        "message 1, the last, is the assistant's, expected the user's", HELLO, AiMessage.from("a"));
    assertInvalid(
        "message 0, the last, is the system's, expected the user's", SystemMessage.from("a"));
  }

  @Test
  void whatTheModelItselfMayHaveAnswered() {
    AiMessage silent = AiMessage.from("");
    assertThat(model.chat(HELLO, silent, HELLO).aiMessage().text()).isNotEmpty();
    assertThat(model.chat(silent, HELLO).aiMessage().text()).isNotEmpty();
  }

  /** A name is a label; the forms of prompts have no place for it. */
  @Test
  void aNameChangesNothing() {
    assertThat(model.chat(UserMessage.from("Klaus", "hello")).aiMessage())
        .isEqualTo(model.chat(HELLO).aiMessage());
  }

  @Test
  void aPromptThatIsTooLong() {
    assertThatThrownBy(() -> model.chat("a ".repeat(600)))
        .isExactlyInstanceOf(InvalidRequestException.class)
        .hasCauseInstanceOf(PolyLmException.class)
        .hasMessage("prompt has 608 tokens, must be fewer than the model's context of 512");
  }

  @Test
  void parametersThatContradictEachOther() {
    assertThatThrownBy(
            () -> chat(PolyLmChatRequestParameters.builder().lengthPenalty(2.0).build(), HELLO))
        .isExactlyInstanceOf(InvalidRequestException.class)
        .hasMessage(
            "length_penalty is 2.0, but num_beams is 1; set num_beams above 1 or leave"
                + " length_penalty out");
    assertThatThrownBy(
            () -> chat(PolyLmChatRequestParameters.builder().topLogprobs(2).build(), HELLO))
        .isExactlyInstanceOf(InvalidRequestException.class)
        .hasMessage("top_logprobs is 2, which needs output_logprobs to be true");
  }

  private static void assertUnsupported(String message, ChatMessage... messages) {
    assertThatThrownBy(() -> model.chat(messages))
        .isExactlyInstanceOf(UnsupportedFeatureException.class)
        .hasMessage(message);
  }

  private static void assertInvalid(String message, ChatMessage... messages) {
    assertThatThrownBy(() -> model.chat(messages))
        .isExactlyInstanceOf(InvalidRequestException.class)
        .hasMessage(message);
  }

  private static String chat(ChatRequestParameters parameters, UserMessage message) {
    return model
        .chat(ChatRequest.builder().messages(List.of(message)).parameters(parameters).build())
        .aiMessage()
        .text();
  }
}
