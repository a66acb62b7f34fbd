package dev.polylm.langchain4j;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.common.AbstractChatModelIT;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponseMetadata;
import java.util.List;

/**
 * LangChain4j's suite for a ChatModel, on polylm-replies in the engine. Switched off in favour of
 * the suite's tests that the feature is refused: supportsSingleImageInputAsBase64EncodedString,
 * -AsPublicURL (and with them multiple images), since the models read text only.
 */
class PolyLmChatModelIT extends AbstractChatModelIT {
  /** One for each test: JUnit closes the argument of a test that can be closed. */
  @Override
  protected List<ChatModel> models() {
    return List.of(createModelWith(PolyLmChatRequestParameters.EMPTY));
  }

  @Override
  protected ChatModel createModelWith(ChatRequestParameters parameters) {
    return PolyLmChatModel.builder()
        .modelsPath(TestModels.folder())
        .defaultRequestParameters(
            ChatRequestParameters.builder()
                .modelName(TestModels.REPLIES)
                .build()
                .overrideWith(parameters))
        .build();
  }

  @Override
  protected String customModelName() {
    return TestModels.TINY;
  }

  @Override
  protected ChatRequestParameters createIntegrationSpecificParameters(int maxOutputTokens) {
    return PolyLmChatRequestParameters.builder().maxOutputTokens(maxOutputTokens).build();
  }

  @Override
  protected Class<? extends ChatResponseMetadata> chatResponseMetadataType(ChatModel model) {
    return PolyLmChatResponseMetadata.class;
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
