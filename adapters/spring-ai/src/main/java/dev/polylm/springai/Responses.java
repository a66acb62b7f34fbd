package dev.polylm.springai;

import dev.polylm.PolyLm;
import dev.polylm.generation.FinishReason;
import dev.polylm.generation.GenerationResult;
import java.util.List;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.metadata.ChatGenerationMetadata;
import org.springframework.ai.chat.metadata.ChatResponseMetadata;
import org.springframework.ai.chat.metadata.DefaultUsage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;

/** Turns the SDK's results into Spring AI's. */
final class Responses {
  private Responses() {}

  /** Returns a piece of an answer. */
  static ChatResponse piece(String text, PolyLm polyLm) {
    return new ChatResponse(
        List.of(new Generation(new AssistantMessage(text))),
        ChatResponseMetadata.builder().model(polyLm.manifest().name()).build());
  }

  /**
   * Returns the response that has the usage and the reason of the end.
   *
   * @param text the whole answer, or its last piece
   */
  static ChatResponse of(String text, GenerationResult result, PolyLm polyLm) {
    Generation generation =
        new Generation(
            new AssistantMessage(text),
            ChatGenerationMetadata.builder()
                .finishReason(finishReason(result.sequences().get(0).finishReason()))
                .build());
    return new ChatResponse(
        List.of(generation),
        ChatResponseMetadata.builder()
            .model(polyLm.manifest().name())
            .usage(new DefaultUsage(result.promptTokens(), result.newTokens()))
            .keyValue("seed", result.seed())
            .build());
  }

  private static String finishReason(FinishReason reason) {
    return switch (reason) {
      case STOP_TOKEN, STOP_STRING, CONSTRAINT -> "STOP";
      case LENGTH, TIME, CANCELLED -> reason.name();
    };
  }
}
