package dev.polylm.langchain4j;

import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.common.AbstractStreamingChatModelIT;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponseMetadata;
import java.util.List;

/**
 * LangChain4j's suite for a StreamingChatModel, on polylm-replies in the engine. Switched off, in
 * each case in favour of the suite's test that the feature is refused:
 *
 * <ul>
 *   <li>supportsTools, supportsToolChoiceRequired (and with them a single and multiple tools): no
 *       PolyLM was trained to call tools
 *   <li>supportsJsonResponseFormat, -WithSchema, -WithRawSchema, supportsToolsAndJson...: that an
 *       answer is JSON can't be promised without constrained decoding
 *   <li>supportsSingleImageInputAsBase64EncodedString, -AsPublicURL (and with them multiple
 *       images): the models read text only
 * </ul>
 */
class PolyLmStreamingChatModelIT extends AbstractStreamingChatModelIT {
  /** One for each test: JUnit closes the argument of a test that can be closed. */
  @Override
  protected List<StreamingChatModel> models() {
    return List.of(createModelWith(PolyLmChatRequestParameters.EMPTY));
  }

  @Override
  protected StreamingChatModel createModelWith(ChatRequestParameters parameters) {
    return PolyLmStreamingChatModel.builder()
        .modelsPath(TestModels.folder())
        .defaultRequestParameters(
            ChatRequestParameters.builder()
                .modelName(TestModels.REPLIES)
                .build()
                .overrideWith(parameters))
        .build();
  }

  @Override
  public StreamingChatModel createModelWith(ChatModelListener listener) {
    return PolyLmStreamingChatModel.builder()
        .modelPath(TestModels.replies())
        .listeners(List.of(listener))
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
  protected Class<? extends ChatResponseMetadata> chatResponseMetadataType(
      StreamingChatModel model) {
    return PolyLmChatResponseMetadata.class;
  }

  @Override
  protected boolean supportsTools() {
    return false;
  }

  @Override
  protected boolean supportsToolChoiceRequired() {
    return false;
  }

  @Override
  protected boolean supportsJsonResponseFormat() {
    return false;
  }

  @Override
  protected boolean supportsJsonResponseFormatWithSchema() {
    return false;
  }

  @Override
  protected boolean supportsJsonResponseFormatWithRawSchema() {
    return false;
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
