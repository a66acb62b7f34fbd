package dev.polylm.jakarta.cdi;

import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import java.util.concurrent.CompletableFuture;

/** Hears a streamed reply. */
final class Streamed implements StreamingChatResponseHandler {
  private final StringBuilder pieces = new StringBuilder();
  private final CompletableFuture<ChatResponse> response = new CompletableFuture<>();

  /** The pieces of a reply, joined. */
  static String text(StreamingChatModel model, String prompt) {
    Streamed streamed = new Streamed();
    model.chat(prompt, streamed);
    streamed.response.join();
    return streamed.pieces.toString();
  }

  /** A reply once it is whole. */
  static CompletableFuture<ChatResponse> response(StreamingChatModel model, String prompt) {
    Streamed streamed = new Streamed();
    model.chat(prompt, streamed);
    return streamed.response;
  }

  @Override
  public void onPartialResponse(String piece) {
    pieces.append(piece);
  }

  @Override
  public void onCompleteResponse(ChatResponse completeResponse) {
    response.complete(completeResponse);
  }

  @Override
  public void onError(Throwable error) {
    response.completeExceptionally(error);
  }
}
