package dev.polylm.langchain4j;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.model.output.TokenUsage;
import dev.polylm.PolyLm;
import dev.polylm.generation.GeneratedSequence;
import dev.polylm.generation.GenerationResult;
import dev.polylm.logits.TokenLogProbability;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Turns a model's answers into LangChain4j's types. */
final class Answers {
  private Answers() {}

  /** Returns the answer of a chat model. */
  static ChatResponse chatResponse(PolyLm polyLm, GenerationResult result) {
    return ChatResponse.builder()
        .aiMessage(AiMessage.from(result.text()))
        .metadata(metadata(polyLm, result))
        .build();
  }

  /**
   * Returns the answer of a language model. Its metadata have the names and values of a chat
   * response's.
   */
  static Response<String> response(PolyLm polyLm, GenerationResult result) {
    PolyLmChatResponseMetadata metadata = metadata(polyLm, result);
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

  private static PolyLmChatResponseMetadata metadata(PolyLm polyLm, GenerationResult result) {
    GeneratedSequence answer = result.sequences().get(0);
    return PolyLmChatResponseMetadata.builder()
        .id("polylm-" + UUID.randomUUID())
        .modelName(polyLm.manifest().name())
        .tokenUsage(new TokenUsage(result.promptTokens(), result.newTokens()))
        .finishReason(finishReason(answer))
        .generationFinishReason(answer.finishReason())
        .seed(result.seed())
        .timings(result.timings())
        .logprobs(logprobs(polyLm, answer))
        .build();
  }

  private static FinishReason finishReason(GeneratedSequence answer) {
    return switch (answer.finishReason()) {
      case STOP_TOKEN, STOP_STRING, CONSTRAINT -> FinishReason.STOP;
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
