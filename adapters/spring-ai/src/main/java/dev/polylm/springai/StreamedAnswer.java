package dev.polylm.springai;

import dev.polylm.PolyLm;
import dev.polylm.constraint.UnfinishedAnswerException;
import dev.polylm.generation.GenerationHandle;
import dev.polylm.generation.GenerationResult;
import dev.polylm.internal.chat.CutAnswers;
import dev.polylm.internal.tool.ToolAnswer;
import dev.polylm.internal.tool.ToolCall;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.model.ChatResponse;
import reactor.core.publisher.FluxSink;

/** Passes a generation to a subscriber of {@link PolyLmSpringAiChatModel#stream}. */
final class StreamedAnswer {
  private final String model;
  private final FluxSink<ChatResponse> sink;
  private final @Nullable ToolAnswer parts;

  private StreamedAnswer(CheckedPrompt prompt, FluxSink<ChatResponse> sink) {
    this.model = prompt.model();
    this.sink = sink;
    this.parts = prompt.tools() == null ? null : new ToolAnswer(prompt.tools(), new Texts());
  }

  /** Starts a generation. The end of the subscription ends it. */
  static void start(PolyLm polyLm, CheckedPrompt prompt, FluxSink<ChatResponse> sink) {
    StreamedAnswer answer = new StreamedAnswer(prompt, sink);
    boolean beams = prompt.request().config().over(polyLm.generationDefaults()).numBeams() > 1;
    GenerationHandle handle =
        polyLm.start(beams ? prompt.request() : prompt.request().withTextListener(answer::piece));
    sink.onDispose(handle::cancel);
    handle.whenComplete(
        (result, failure) -> {
          if (failure != null) {
            answer.fail(failure);
          } else if (!sink.isCancelled()) {
            answer.end(result, beams);
          }
        });
  }

  private void piece(String piece) {
    if (parts == null) {
      sink.next(Responses.piece(piece, model));
    } else {
      parts.read(piece);
    }
  }

  private void end(GenerationResult result, boolean beams) {
    try {
      complete(CutAnswers.checkedUncancelled(result), beams);
    } catch (UnfinishedAnswerException e) {
      sink.error(e);
    }
  }

  private void complete(GenerationResult result, boolean beams) {
    if (beams) {
      piece(result.text());
    }
    sink.next(Responses.end(result, parts, model));
    sink.complete();
  }

  private void fail(Throwable failure) {
    Throwable cause = failure.getCause();
    sink.error(failure instanceof CompletionException && cause != null ? cause : failure);
  }

  /** Passes on the text of an answer that may call tools. The last response has the calls. */
  private final class Texts implements ToolAnswer.Listener {
    @Override
    public void text(String piece) {
      sink.next(Responses.piece(piece, model));
    }

    @Override
    public void arguments(int index, ToolCall call, String piece) {}

    @Override
    public void complete(int index, ToolCall call) {}
  }
}
