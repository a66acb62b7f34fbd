package dev.polylm.langchain4j;

import dev.langchain4j.model.StreamingResponseHandler;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import dev.langchain4j.model.output.Response;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** A handler that keeps what it hears. */
final class Heard implements StreamingChatResponseHandler, StreamingResponseHandler<String> {
  final List<String> pieces = new CopyOnWriteArrayList<>();
  final Set<Thread> threads = ConcurrentHashMap.newKeySet();
  final CompletableFuture<StreamingHandle> handle = new CompletableFuture<>();
  private final CompletableFuture<ChatResponse> chatResponse = new CompletableFuture<>();
  private final CompletableFuture<Response<String>> response = new CompletableFuture<>();
  private final Consumer<StreamingHandle> onPiece;

  Heard() {
    this(handle -> {});
  }

  Heard(Consumer<StreamingHandle> onPiece) {
    this.onPiece = onPiece;
  }

  @Override
  public void onPartialResponse(PartialResponse partialResponse, PartialResponseContext context) {
    onNext(partialResponse.text());
    handle.complete(context.streamingHandle());
    onPiece.accept(context.streamingHandle());
  }

  @Override
  public void onNext(String token) {
    pieces.add(token);
    threads.add(Thread.currentThread());
  }

  @Override
  public void onCompleteResponse(ChatResponse completeResponse) {
    threads.add(Thread.currentThread());
    chatResponse.complete(completeResponse);
  }

  @Override
  public void onComplete(Response<String> completeResponse) {
    threads.add(Thread.currentThread());
    response.complete(completeResponse);
  }

  @Override
  public void onError(Throwable error) {
    threads.add(Thread.currentThread());
    chatResponse.completeExceptionally(error);
    response.completeExceptionally(error);
  }

  /** Waits for the end; throws what the model said was wrong as a CompletionException's cause. */
  ChatResponse chatResponse() {
    return chatResponse.join();
  }

  /** As {@link #chatResponse()}, of a language model. */
  Response<String> response() {
    return response.join();
  }

  /** Waits until one of two is at its end. */
  static Heard firstEnded(Heard one, Heard other) {
    CompletableFuture<?> ended =
        CompletableFuture.anyOf(
            one.chatResponse.handle((response, error) -> one),
            other.chatResponse.handle((response, error) -> other));
    return (Heard) ended.join();
  }

  /** True where the model has said that it is at the end. */
  boolean ended() {
    return chatResponse.isDone() || response.isDone();
  }

  String text() {
    return String.join("", pieces);
  }
}
