package dev.polylm.langchain4j;

import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.argThat;
import static org.mockito.Mockito.atLeastOnce;

import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.common.AbstractStreamingChatModelIT;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponseMetadata;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import java.util.List;
import org.mockito.InOrder;

/**
 * LangChain4j's suite for a StreamingChatModel, on polylm-replies in the engine. Switched off in
 * favour of the suite's tests that the feature is refused:
 * supportsSingleImageInputAsBase64EncodedString, -AsPublicURL (and with them multiple images),
 * since the models read text only.
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
  protected boolean supportsSingleImageInputAsBase64EncodedString() {
    return false;
  }

  @Override
  protected boolean supportsSingleImageInputAsPublicURL() {
    return false;
  }

  @Override
  protected void verifyToolCallbacks(StreamingChatResponseHandler handler, InOrder io, String id) {
    verifyCall(handler, io, complete(0, id, "getWeather", "{\"city\":\"Munich\"}"));
  }

  @Override
  protected void verifyToolCallbacks(
      StreamingChatResponseHandler handler, InOrder io, String id1, String id2) {
    verifyCall(handler, io, complete(0, id1, "getWeather", "{\"city\":\"Munich\"}"));
    verifyCall(handler, io, complete(1, id2, "getTime", "{\"country\":\"France\"}"));
  }

  private static void verifyCall(
      StreamingChatResponseHandler handler, InOrder io, CompleteToolCall complete) {
    io.verify(handler, atLeastOnce())
        .onPartialToolCall(argThat(partial -> partial.index() == complete.index()), any());
    io.verify(handler).onCompleteToolCall(complete);
  }
}
