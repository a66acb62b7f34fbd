package dev.polylm.langchain4j;

import dev.langchain4j.data.image.Image;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.service.common.AbstractAiServiceWithToolsIT;
import java.util.List;

/**
 * LangChain4j's suite for AI services with tools. Switched off in favour of the suite's test that
 * the feature is refused: supportsMultimodalToolResults, since the models read text only.
 */
class PolyLmAiServiceWithToolsIT extends AbstractAiServiceWithToolsIT {
  /** One for each test: JUnit closes the argument of a test that can be closed. */
  @Override
  protected List<ChatModel> models() {
    return List.of(PolyLmChatModel.builder().modelPath(TestModels.replies()).build());
  }

  @Override
  protected boolean supportsRecursion() {
    return true;
  }

  @Override
  protected boolean verifyModelInteractions() {
    return true;
  }

  /** The suite would fetch one from the network. */
  @Override
  protected Image catImage() {
    return Image.builder().base64Data("AA==").mimeType("image/png").build();
  }
}
