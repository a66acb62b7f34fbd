package dev.polylm.langchain4j;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.service.common.AbstractAiServiceIT;
import java.util.List;

/** LangChain4j's suite for AI services. */
class PolyLmAiServiceIT extends AbstractAiServiceIT {
  /** One for each test: JUnit closes the argument of a test that can be closed. */
  @Override
  protected List<ChatModel> models() {
    return List.of(PolyLmChatModel.builder().modelPath(TestModels.replies()).build());
  }
}
