package dev.polylm.langchain4j;

import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.langchain4j.model.chat.response.PartialToolCallContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import dev.polylm.PolyLm;
import dev.polylm.generation.GenerationResult;
import dev.polylm.internal.tool.ToolAnswer;
import dev.polylm.internal.tool.ToolCall;
import dev.polylm.internal.tool.ToolUse;
import org.jspecify.annotations.Nullable;

/** Passes a generation to the handler of a chat model. */
final class ChatReceiver implements StreamingGeneration.Receiver {
  private final StreamingChatResponseHandler handler;
  private final @Nullable ToolAnswer parts;
  private @Nullable StreamingHandle handle; // of the piece that parts reads

  private ChatReceiver(StreamingChatResponseHandler handler, @Nullable ToolUse tools) {
    this.handler = handler;
    this.parts = tools == null ? null : new ToolAnswer(tools, new Parts());
  }

  /**
   * @param tools what the request offers, or null for nothing
   */
  static ChatReceiver of(StreamingChatResponseHandler handler, @Nullable ToolUse tools) {
    return new ChatReceiver(handler, tools);
  }

  @Override
  public void piece(String piece, StreamingHandle current) {
    handle = current;
    if (parts == null) {
      text(piece, current);
    } else {
      parts.read(piece);
    }
  }

  private void text(String piece, StreamingHandle current) {
    PartialResponseContext context = new PartialResponseContext(current);
    call(current, () -> handler.onPartialResponse(new PartialResponse(piece), context));
  }

  private void call(StreamingHandle current, Runnable callback) {
    if (current.isCancelled()) {
      return;
    }
    Callbacks.call(
        callback,
        failure -> {
          if (!current.isCancelled()) {
            handler.onError(failure);
          }
        });
  }

  /** Passes on the parts of an answer that may call tools. */
  private final class Parts implements ToolAnswer.Listener {
    private StreamingHandle current() {
      StreamingHandle current = handle;
      if (current == null) {
        throw new IllegalStateException("a part belongs to a piece");
      }
      return current;
    }

    @Override
    public void text(String piece) {
      ChatReceiver.this.text(piece, current());
    }

    @Override
    public void arguments(int index, ToolCall call, String piece) {
      PartialToolCall partial =
          PartialToolCall.builder()
              .index(index)
              .id(call.id())
              .name(call.name())
              .partialArguments(piece)
              .build();
      PartialToolCallContext context = new PartialToolCallContext(current());
      call(current(), () -> handler.onPartialToolCall(partial, context));
    }

    @Override
    public void complete(int index, ToolCall call) {
      CompleteToolCall complete = new CompleteToolCall(index, Answers.request(call));
      call(current(), () -> handler.onCompleteToolCall(complete));
    }
  }

  @Override
  public void complete(PolyLm polyLm, GenerationResult result) {
    Callbacks.call(
        () -> handler.onCompleteResponse(Answers.chatResponse(polyLm, result, parts)),
        handler::onError);
  }

  @Override
  public void error(RuntimeException failure) {
    Callbacks.error(failure, handler::onError);
  }
}
