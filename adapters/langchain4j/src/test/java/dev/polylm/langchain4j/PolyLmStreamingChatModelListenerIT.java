package dev.polylm.langchain4j;

import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.common.AbstractStreamingChatModelListenerIT;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import java.util.List;
import java.util.Map;

/** LangChain4j's suite for the listeners of a StreamingChatModel. */
class PolyLmStreamingChatModelListenerIT extends AbstractStreamingChatModelListenerIT {
  private static final int NO_ID = 1_000_000; // more than the vocabulary has

  @Override
  protected StreamingChatModel createModel(ChatModelListener listener) {
    return PolyLmStreamingChatModel.builder()
        .modelPath(TestModels.replies())
        .temperature(temperature())
        .topP(topP())
        .maxOutputTokens(maxTokens())
        .listeners(List.of(listener))
        .build();
  }

  @Override
  protected String modelName() {
    return TestModels.REPLIES;
  }

  @Override
  protected StreamingChatModel createFailingModel(ChatModelListener listener) {
    return PolyLmStreamingChatModel.builder()
        .modelPath(TestModels.replies())
        .defaultRequestParameters(
            PolyLmChatRequestParameters.builder().logitBias(Map.of(NO_ID, 1.0)).build())
        .listeners(List.of(listener))
        .build();
  }

  @Override
  protected Class<? extends Exception> expectedExceptionClass() {
    return InvalidRequestException.class;
  }
}
