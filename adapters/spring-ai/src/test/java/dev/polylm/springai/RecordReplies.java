package dev.polylm.springai;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.polylm.internal.chat.ReplyPrompts;
import dev.polylm.internal.tool.ToolAnswer;
import dev.polylm.prompt.PromptForm;
import dev.polylm.tokenizer.TextPart;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.AssistantMessage.ToolCall;
import org.springframework.ai.chat.metadata.ChatGenerationMetadata;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.model.tool.ToolCallingManager;
import org.springframework.ai.test.chat.client.advisor.AbstractToolCallingAdvisorAutoRegistrationIT;
import org.springframework.ai.test.chat.client.advisor.AbstractToolCallingAdvisorIT;
import reactor.core.publisher.Flux;

/**
 * Writes what polylm-weather must learn for Spring AI's tests with tools: {@code prompts.json},
 * which LangChain4j's make_replies.py reads. It is run by name, after a change of the prompts:
 *
 * <pre>{@code
 * ./mvnw -B -pl adapters/spring-ai -am test -Dtest='RecordReplies$*' -Dsurefire.failIfNoSpecifiedTests=false
 * cd adapters/spring-ai/src/test/resources/polylm-weather
 * python ../../../../../langchain4j/src/test/resources/polylm-replies/make_replies.py checkpoint prompts.json
 * }</pre>
 */
final class RecordReplies {
  private static final Path PROMPTS = Path.of("src/test/resources/polylm-weather/prompts.json");
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
  private static final Map<String, String> REPLIES = new TreeMap<>();

  private RecordReplies() {}

  /** Knows the replies. */
  private static final class Teacher implements ChatModel {
    @Override
    public PolyLmChatOptions getOptions() {
      return PolyLmChatOptions.builder().build();
    }

    @Override
    public ChatResponse call(Prompt prompt) {
      AnswerForm form = AnswerForm.of(prompt.getOptions(), ToolCallingManager.builder().build());
      String asked =
          ReplyPrompts.of(
                  PromptForm.CHAT, ChatPrompts.messages(prompt.getInstructions(), form.tools()))
              .parts()
              .stream()
              .map(TextPart::text)
              .collect(Collectors.joining());
      String reply = reply(asked, form.tools().response() != null);
      write(asked, reply);
      ToolAnswer parts = ToolAnswer.of(form.tools(), reply);
      List<ToolCall> calls =
          parts.calls().stream()
              .map(call -> new ToolCall(call.id(), "function", call.name(), call.arguments()))
              .toList();
      return new ChatResponse(
          List.of(
              new Generation(
                  AssistantMessage.builder().content(parts.text()).toolCalls(calls).build(),
                  ChatGenerationMetadata.builder()
                      .finishReason(calls.isEmpty() ? "STOP" : "TOOL_CALLS")
                      .build())));
    }

    @Override
    public Flux<ChatResponse> stream(Prompt prompt) {
      return Flux.defer(() -> Flux.just(call(prompt)));
    }
  }

  private static String reply(String asked, boolean json) {
    boolean method = asked.contains("degrees(");
    if (method && asked.contains(" returned: ")) {
      return json
          ? "{\"response\":{\"city\":\"Tokyo\",\"degrees\":10}}"
          : "{\"response\":\"It is 10 degrees in Tokyo.\"}";
    }
    if (method) {
      return "{\"tool_calls\":[{\"name\":\"degrees\",\"arguments\":{\"arg0\":\"Tokyo\"}}]}";
    }
    if (asked.contains(" returned: ")) {
      return "{\"response\":\"It is 30 degrees in San Francisco, 10 in Tokyo and 15 in Paris.\"}";
    }
    String tokyo = call("Tokyo", 36, 140);
    String calls =
        asked.contains("Paris")
            ? call("San Francisco", 38, -122) + "," + tokyo + "," + call("Paris", 49, 2)
            : tokyo;
    return "{\"tool_calls\":[" + calls + "]}";
  }

  private static String call(String city, int latitude, int longitude) {
    return ("{\"name\":\"getCurrentWeather\",\"arguments\":"
            + "{\"lat\":%d,\"location\":\"%s\",\"lon\":%d,\"unit\":\"C\"}}")
        .formatted(latitude, city, longitude);
  }

  private static synchronized void write(String asked, String reply) {
    REPLIES.put(asked, reply);
    try {
      Files.writeString(PROMPTS, JSON.writeValueAsString(REPLIES) + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static class Advised extends AbstractToolCallingAdvisorIT {
    @Override
    protected ChatModel getChatModel() {
      return new Teacher();
    }
  }

  static class Registered extends AbstractToolCallingAdvisorAutoRegistrationIT {
    @Override
    protected ChatModel getChatModel() {
      return new Teacher();
    }
  }

  static class Methods extends ToolMethods {
    @Override
    ChatModel getChatModel() {
      return new Teacher();
    }
  }
}
