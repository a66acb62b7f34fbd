package dev.polylm.langchain4j;

import dev.langchain4j.model.StreamingResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import dev.polylm.PolyLm;
import dev.polylm.generation.GenerationResult;

/** Passes a generation to the handler of a language model. */
record LanguageReceiver(StreamingResponseHandler<String> handler)
    implements StreamingGeneration.Receiver {
  @Override
  public void piece(String piece, StreamingHandle handle) {
    Callbacks.call(() -> handler.onNext(piece), handler::onError);
  }

  @Override
  public void complete(PolyLm polyLm, GenerationResult result) {
    Callbacks.call(() -> handler.onComplete(Answers.response(polyLm, result)), handler::onError);
  }

  @Override
  public void error(RuntimeException failure) {
    Callbacks.error(failure, handler::onError);
  }
}
