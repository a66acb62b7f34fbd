package dev.polylm.langchain4j;

import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.response.ChatResponseMetadata;
import dev.langchain4j.service.common.AbstractStreamingAiServiceIT;
import java.util.List;

/** LangChain4j's suite for AI services that stream. */
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
}
