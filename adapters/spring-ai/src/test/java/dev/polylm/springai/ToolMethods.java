package dev.polylm.springai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.messages.AssistantMessage.ToolCall;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.support.ToolCallbacks;
import org.springframework.ai.tool.annotation.Tool;

/** Methods that an application offers as tools. */
abstract class ToolMethods {
  private static final String QUESTION = "How warm is it in Tokyo?";

  /** What an answer is read into. */
  record Report(String city, int degrees) {}

  /** What is offered. */
  static final class Thermometer {
    String asked = "";

    @Tool(description = "Returns the degrees in a city")
    int degrees(String city) {
      asked = city;
      return 10;
    }
  }

  abstract ChatModel getChatModel();

  @Test
  void aMethodIsCalled() {
    Thermometer thermometer = new Thermometer();
    assertThat(
            ChatClient.create(getChatModel()).prompt(QUESTION).tools(thermometer).call().content())
        .isEqualTo("It is 10 degrees in Tokyo.");
    assertThat(thermometer.asked).isEqualTo("Tokyo");
  }

  @Test
  void aMethodIsCalledAndTheAnswerHasItsSchema() {
    Thermometer thermometer = new Thermometer();
    Report report =
        ChatClient.create(getChatModel())
            .prompt(QUESTION)
            .tools(thermometer)
            .call()
            .entity(Report.class, spec -> spec.useProviderStructuredOutput());
    assertThat(report).isEqualTo(new Report("Tokyo", 10));
    assertThat(thermometer.asked).isEqualTo("Tokyo");
  }

  @Test
  void aStreamedAnswerIsTextOrCalls() {
    PolyLmChatOptions options =
        PolyLmChatOptions.builder().toolCallbacks(ToolCallbacks.from(new Thermometer())).build();
    List<ChatResponse> responses =
        getChatModel().stream(new Prompt(QUESTION, options)).collectList().block();
    ChatResponse last = responses.get(responses.size() - 1);
    assertThat(last.getResult().getMetadata().getFinishReason()).isEqualTo("TOOL_CALLS");
    assertThat(last.getResult().getOutput().getToolCalls())
        .extracting(ToolCall::type, ToolCall::name, ToolCall::arguments)
        .containsExactly(tuple("function", "degrees", "{\"arg0\":\"Tokyo\"}"));
    assertThat(
            responses.stream()
                .map(response -> response.getResult().getOutput().getText())
                .collect(Collectors.joining()))
        .isEmpty();
  }
}
