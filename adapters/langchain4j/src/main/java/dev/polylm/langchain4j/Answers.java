package dev.polylm.langchain4j;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.model.output.TokenUsage;
import dev.polylm.PolyLm;
import dev.polylm.generation.GeneratedSequence;
import dev.polylm.generation.GenerationResult;
import dev.polylm.internal.tool.ToolAnswer;
import dev.polylm.internal.tool.ToolCall;
import dev.polylm.logits.TokenLogProbability;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Turns a model's answers into LangChain4j's types. */
final class Answers {
  private Answers() {}

  /**
   * Returns the answer of a chat model.
   *
   * @param parts the calls and the text of the answer, or null if no tools were offered
   */
  static ChatResponse chatResponse(
      PolyLm polyLm, GenerationResult result, @Nullable ToolAnswer parts) {
    AiMessage message = message(result.text(), parts);
    return ChatResponse.builder()
        .aiMessage(message)
        .metadata(metadata(polyLm, result, message.hasToolExecutionRequests()))
        .build();
  }

  /** Returns an answer as a message. */
  static AiMessage message(String answer, @Nullable ToolAnswer parts) {
    if (parts == null) {
      return AiMessage.from(answer);
    }
    List<ToolCall> calls = parts.calls();
    return calls.isEmpty()
        ? AiMessage.from(parts.text())
        : AiMessage.from(calls.stream().map(Answers::request).toList());
  }

  /** Returns a call as LangChain4j's. */
  static ToolExecutionRequest request(ToolCall call) {
    return ToolExecutionRequest.builder()
        .id(call.id())
        .name(call.name())
        .arguments(call.arguments())
        .build();
  }

  /**
   * Returns the answer of a language model. Its metadata have the names and values of a chat
   * response's.
   */
  static Response<String> response(PolyLm polyLm, GenerationResult result) {
    PolyLmChatResponseMetadata metadata = metadata(polyLm, result, false);
    return Response.from(
        result.text(),
        metadata.tokenUsage(),
        metadata.finishReason(),
        Map.of(
            "id", metadata.id(),
            "modelName", metadata.modelName(),
            "generationFinishReason", result.sequences().get(0).finishReason(),
            "seed", result.seed(),
            "timings", result.timings(),
            "logprobs", metadata.logprobs()));
  }

  private static PolyLmChatResponseMetadata metadata(
      PolyLm polyLm, GenerationResult result, boolean calls) {
    GeneratedSequence answer = result.sequences().get(0);
    return PolyLmChatResponseMetadata.builder()
        .id("polylm-" + UUID.randomUUID())
        .modelName(polyLm.manifest().name())
        .tokenUsage(new TokenUsage(result.promptTokens(), result.newTokens()))
        .finishReason(finishReason(answer, calls))
        .generationFinishReason(answer.finishReason())
        .seed(result.seed())
        .timings(result.timings())
        .logprobs(logprobs(polyLm, answer))
        .build();
  }

  private static FinishReason finishReason(GeneratedSequence answer, boolean calls) {
    return switch (answer.finishReason()) {
      case STOP_TOKEN, STOP_STRING, CONSTRAINT ->
          calls ? FinishReason.TOOL_EXECUTION : FinishReason.STOP;
      case LENGTH -> FinishReason.LENGTH;
      case TIME, CANCELLED -> FinishReason.OTHER;
    };
  }

  private static List<TokenLogprob> logprobs(PolyLm polyLm, GeneratedSequence answer) {
    int[] ids = answer.ids();
    float[] logprobs = answer.tokenLogprobs();
    List<List<TokenLogProbability>> alternatives = answer.topLogprobs();
    List<String> pieces = logprobs.length == 0 ? List.of() : polyLm.tokenizer().pieces(ids);
    List<TokenLogprob> result = new ArrayList<>();
    for (int i = 0; i < logprobs.length; i++) {
      result.add(
          new TokenLogprob(
              ids[i],
              pieces.get(i),
              logprobs[i],
              alternatives.isEmpty() ? List.of() : alternatives.get(i)));
    }
    return result;
  }
}
