package dev.polylm.langchain4j;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.response.ChatResponseMetadata;
import dev.langchain4j.service.common.AbstractStreamingAiServiceIT;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * LangChain4j's suite for AI services that stream. No PolyLM was trained to call tools, and this
 * suite has no flag for that: its two tests with tools are overridden, to hold that the service
 * says so.
 */
class PolyLmStreamingAiServiceIT extends AbstractStreamingAiServiceIT {
  /** One for each test: JUnit closes the argument of a test that can be closed. */
  @Override
  protected List<StreamingChatModel> models() {
    return List.of(PolyLmStreamingChatModel.builder().modelPath(TestModels.replies()).build());
  }

  @Override
  protected Class<? extends ChatResponseMetadata> chatResponseMetadataType(
      StreamingChatModel streamingChatModel) {
    return PolyLmChatResponseMetadata.class;
  }

  @Override
  @ParameterizedTest
  @MethodSource("models")
  protected void should_execute_tool_without_arguments(StreamingChatModel model) {
    assertThatThrownBy(() -> super.should_execute_tool_without_arguments(model))
        .isExactlyInstanceOf(UnsupportedFeatureException.class)
        .hasMessage("use of tools (currentDate) is not supported by PolyLM");
  }

  @Override
  @ParameterizedTest
  @MethodSource("models")
  protected void should_keep_memory_consistent_when_streaming_using_immediate_tool(
      StreamingChatModel model) {
    assertThatThrownBy(
            () -> super.should_keep_memory_consistent_when_streaming_using_immediate_tool(model))
        .isExactlyInstanceOf(UnsupportedFeatureException.class)
        .hasMessageContaining("is not supported by PolyLM");
  }
}
