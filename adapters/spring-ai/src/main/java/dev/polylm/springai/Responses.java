package dev.polylm.springai;

import dev.polylm.generation.FinishReason;
import dev.polylm.generation.GenerationResult;
import dev.polylm.internal.tool.ToolAnswer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.AssistantMessage.ToolCall;
import org.springframework.ai.chat.metadata.ChatGenerationMetadata;
import org.springframework.ai.chat.metadata.ChatResponseMetadata;
import org.springframework.ai.chat.metadata.DefaultUsage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;

/** Turns the SDK's results into Spring AI's. */
final class Responses {
  private Responses() {}

  /** Returns a piece of an answer. */
  static ChatResponse piece(String text, String model) {
    return new ChatResponse(
        List.of(new Generation(new AssistantMessage(text))),
        ChatResponseMetadata.builder().model(model).build());
  }

  /**
   * Returns a whole answer.
   *
   * @param parts the calls and the text of the answer, or null if no tools were offered
   */
  static ChatResponse whole(GenerationResult result, @Nullable ToolAnswer parts, String model) {
    return of(parts == null ? result.text() : parts.text(), result, parts, model);
  }

  /** Returns the end of a streamed answer: all but its text. */
  static ChatResponse end(GenerationResult result, @Nullable ToolAnswer parts, String model) {
    return of("", result, parts, model);
  }

  private static ChatResponse of(
      String text, GenerationResult result, @Nullable ToolAnswer parts, String model) {
    List<ToolCall> calls =
        parts == null
            ? List.of()
            : parts.calls().stream()
                .map(call -> new ToolCall(call.id(), "function", call.name(), call.arguments()))
                .toList();
    FinishReason reason = result.sequences().get(0).finishReason();
    Generation generation =
        new Generation(
            AssistantMessage.builder().content(text).toolCalls(calls).build(),
            ChatGenerationMetadata.builder()
                .finishReason(finishReason(reason, !calls.isEmpty()))
                .build());
    return new ChatResponse(
        List.of(generation),
        ChatResponseMetadata.builder()
            .model(model)
            .usage(new DefaultUsage(result.promptTokens(), result.newTokens()))
            .keyValue("seed", result.seed())
            .build());
  }

  private static String finishReason(FinishReason reason, boolean calls) {
    return switch (reason) {
      case STOP_TOKEN, STOP_STRING, CONSTRAINT -> calls ? "TOOL_CALLS" : "STOP";
      case LENGTH, TIME, CANCELLED -> reason.name();
    };
  }
}
