package dev.polylm.langchain4j;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.common.AbstractChatModelIT;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.ChatResponseMetadata;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import dev.langchain4j.service.common.AbstractAiServiceIT;
import dev.langchain4j.service.common.AbstractAiServiceWithJsonSchemaIT;
import dev.langchain4j.service.common.AbstractAiServiceWithToolsIT;
import dev.langchain4j.service.common.AbstractStreamingAiServiceIT;
import dev.polylm.internal.chat.ReplyPrompts;
import dev.polylm.internal.tool.ToolAnswer;
import dev.polylm.internal.tool.ToolUse;
import dev.polylm.prompt.PromptForm;
import dev.polylm.tokenizer.TextPart;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Writes what polylm-replies must learn for the suites' tests with tools and JSON: {@code
 * prompts.json}, which make_replies.py reads. The replies are in {@code lessons.json}, each beside
 * the end of the user's turn that it replies to. It is run by name, after a change of the prompts:
 *
 * <pre>{@code
 * ./mvnw -B -pl adapters/langchain4j -am test -Dtest='RecordReplies$*' \
 *   -Dsurefire.failIfNoSpecifiedTests=false -Dmaven.test.failure.ignore=true
 * }</pre>
 *
 * <p>Tests of other features fail while it runs.
 */
final class RecordReplies {
  private static final Path PROMPTS = Path.of("src/test/resources/polylm-replies/prompts.json");
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
  private static final Map<String, String> REPLIES = new TreeMap<>();

  private RecordReplies() {}

  private record Lesson(String end, String reply) {}

  private static final List<Lesson> LESSONS = lessons();

  private static List<Lesson> lessons() {
    try (InputStream in = RecordReplies.class.getResourceAsStream("/polylm-replies/lessons.json")) {
      return List.of(JSON.readValue(in, Lesson[].class));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static synchronized ChatResponse answer(ChatRequest request) {
    CheckedRequest checked = CheckedRequest.of(request);
    String prompt =
        ReplyPrompts.of(PromptForm.CHAT, checked.messages()).parts().stream()
            .map(TextPart::text)
            .collect(Collectors.joining());
    ToolUse tools = checked.form().tools();
    String reply = reply(prompt, tools, request);
    if (checked.form().constraint() != null) {
      REPLIES.put(prompt, reply);
      write();
    }
    ToolAnswer parts = tools == null ? null : ToolAnswer.of(tools, reply);
    AiMessage message = Answers.message(reply, parts);
    return ChatResponse.builder().aiMessage(message).metadata(metadata(message)).build();
  }

  private static ChatResponseMetadata metadata(AiMessage message) {
    return ChatResponseMetadata.builder()
        .id("1")
        .modelName("teacher")
        .tokenUsage(new TokenUsage(1, 1))
        .finishReason(
            message.hasToolExecutionRequests() ? FinishReason.TOOL_EXECUTION : FinishReason.STOP)
        .build();
  }

  private static String reply(String prompt, @Nullable ToolUse tools, ChatRequest request) {
    String turn = prompt.substring(0, prompt.lastIndexOf("\n<|assistant|>"));
    return LESSONS.stream()
        .filter(lesson -> turn.endsWith(lesson.end()))
        .map(Lesson::reply)
        .filter(reply -> fits(reply, tools))
        .findFirst()
        .orElseThrow(
            () ->
                new AssertionError(
                    "no lesson for " + turn + "\n" + request.parameters().responseFormat()));
  }

  private static boolean fits(String reply, @Nullable ToolUse tools) {
    if (tools == null) {
      return !reply.startsWith("{\"tool_calls\":") && !reply.startsWith("{\"response\":");
    }
    boolean text = reply.startsWith("{\"response\":\"");
    return reply.startsWith("{\"tool_calls\":")
        || (reply.startsWith("{\"response\":") && text == (tools.response() == null));
  }

  private static void write() {
    try {
      Files.writeString(PROMPTS, JSON.writeValueAsString(REPLIES) + "\n");
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static class Teacher implements ChatModel {
    @Override
    public ChatResponse doChat(ChatRequest request) {
      return answer(request);
    }

    @Override
    public Set<Capability> supportedCapabilities() {
      return Set.of(Capability.RESPONSE_FORMAT_JSON_SCHEMA);
    }
  }

  private static class StreamingTeacher implements StreamingChatModel {
    @Override
    public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
      handler.onCompleteResponse(answer(request));
    }
  }

  static class Chats extends AbstractChatModelIT {
    @Override
    protected boolean assertChatResponseMetadataType() {
      return false;
    }

    @Override
    protected boolean assertTokenUsage() {
      return false;
    }

    @Override
    protected List<ChatModel> models() {
      return List.of(new Teacher());
    }

    @Override
    protected boolean supportsSingleImageInputAsBase64EncodedString() {
      return false;
    }

    @Override
    protected boolean supportsSingleImageInputAsPublicURL() {
      return false;
    }
  }

  static class Services extends AbstractAiServiceIT {
    @Override
    protected List<ChatModel> models() {
      return List.of(new Teacher());
    }
  }

  static class Schemas extends AbstractAiServiceWithJsonSchemaIT {
    @Override
    protected List<ChatModel> models() {
      return List.of(new Teacher());
    }

    @Override
    protected boolean supportsRecursion() {
      return true;
    }
  }

  static class Tools extends AbstractAiServiceWithToolsIT {
    @Override
    protected List<ChatModel> models() {
      return List.of(new Teacher());
    }

    @Override
    protected boolean supportsRecursion() {
      return true;
    }
  }

  static class StreamingServices extends AbstractStreamingAiServiceIT {
    @Override
    protected List<StreamingChatModel> models() {
      return List.of(new StreamingTeacher());
    }
  }
}
