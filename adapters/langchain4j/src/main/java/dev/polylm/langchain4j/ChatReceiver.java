package dev.polylm.langchain4j;

import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import dev.polylm.PolyLm;
import dev.polylm.generation.GenerationResult;

/** Passes a generation to the handler of a chat model. */
record ChatReceiver(StreamingChatResponseHandler handler) implements StreamingGeneration.Receiver {
  @Override
  public void piece(String piece, StreamingHandle handle) {
    PartialResponseContext context = new PartialResponseContext(handle);
    Callbacks.call(
        () -> handler.onPartialResponse(new PartialResponse(piece), context),
        failure -> {
          if (!handle.isCancelled()) {
            handler.onError(failure);
          }
        });
  }

  @Override
  public void complete(PolyLm polyLm, GenerationResult result) {
    Callbacks.call(
        () -> handler.onCompleteResponse(Answers.chatResponse(polyLm, result)), handler::onError);
  }

  @Override
  public void error(RuntimeException failure) {
    Callbacks.error(failure, handler::onError);
  }
}
