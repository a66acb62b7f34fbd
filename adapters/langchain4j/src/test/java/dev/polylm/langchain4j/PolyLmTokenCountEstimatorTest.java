package dev.polylm.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.memory.chat.TokenWindowChatMemory;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PolyLmTokenCountEstimatorTest {
  private static final SystemMessage SYSTEM = SystemMessage.from("Be brief.");
  private static final UserMessage USER = UserMessage.from("What is the capital of Germany?");
  private static final AiMessage AI = AiMessage.from("Berlin is the capital of Germany.");

  /** The oracle is what a generation says it has read. */
  @ParameterizedTest
  @ValueSource(strings = {TestModels.REPLIES, TestModels.TINY})
  void countsWhatAPromptHas(String name) {
    try (PolyLmTokenCountEstimator estimator =
            PolyLmTokenCountEstimator.builder()
                .modelsPath(TestModels.folder())
                .modelName(name)
                .build();
        PolyLmChatModel model =
            PolyLmChatModel.builder()
                .modelsPath(TestModels.folder())
                .modelName(name)
                .maxOutputTokens(1)
                .build()) {
      for (List<ChatMessage> messages :
          List.<List<ChatMessage>>of(
              List.of(USER),
              List.of(SYSTEM, USER),
              List.of(USER, AI, USER),
              List.of(SYSTEM, USER, AI, USER, AI, USER))) {
        assertThat(estimator.estimateTokenCountInMessages(messages))
            .as(messages.toString())
            .isEqualTo(model.chat(messages).tokenUsage().inputTokenCount());
      }
      assertThat(estimator.estimateTokenCountInMessages(List.of(USER, AI)))
          .isEqualTo(
              estimator.estimateTokenCountInMessage(USER)
                  + estimator.estimateTokenCountInMessage(AI));
    }
  }

  @Test
  void countsATextsTokens() {
    try (PolyLmTokenCountEstimator estimator = PolyLmTokenCountEstimator.builder().build()) {
      assertThat(estimator.estimateTokenCountInText("")).isZero();
      assertThat(estimator.estimateTokenCountInText("2026")).isEqualTo(5); // a space and digits
    }
  }

  @Test
  void refusesWhatHasNoTokens() {
    try (PolyLmTokenCountEstimator estimator = PolyLmTokenCountEstimator.builder().build()) {
      assertThatThrownBy(
              () ->
                  estimator.estimateTokenCountInMessage(
                      UserMessage.from(ImageContent.from("http://localhost/a.png"))))
          .isExactlyInstanceOf(UnsupportedFeatureException.class)
          .hasMessage("image content is not supported by PolyLM");
      assertThatThrownBy(() -> estimator.estimateTokenCountInMessage(UserMessage.from("")))
          .isExactlyInstanceOf(InvalidRequestException.class)
          .hasMessage("message 0 (user) is empty, expected text");
    }
  }

  @Test
  void keepsAMemoryInItsWindow() {
    try (PolyLmTokenCountEstimator estimator =
        PolyLmTokenCountEstimator.builder().modelPath(TestModels.replies()).build()) {
      int turn =
          estimator.estimateTokenCountInMessage(USER) + estimator.estimateTokenCountInMessage(AI);
      TokenWindowChatMemory memory = TokenWindowChatMemory.withMaxTokens(2 * turn, estimator);
      for (int i = 0; i < 5; i++) {
        memory.add(USER);
        memory.add(AI);
      }
      assertThat(memory.messages()).containsExactly(USER, AI, USER, AI);
    }
  }
}
