package dev.polylm.langchain4j;

import dev.langchain4j.model.chat.response.StreamingHandle;
import dev.polylm.PolyLm;
import dev.polylm.generation.GenerationHandle;
import dev.polylm.generation.GenerationRequest;
import dev.polylm.generation.GenerationResult;
import dev.polylm.generation.GenerationStream;
import dev.polylm.internal.chat.CutAnswers;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A generation whose text is delivered while it is made. All callbacks come from one thread, as
 * LangChain4j requires. That thread is not the caller's, and it reads the generation's stream. A
 * slow callback delays its pieces, not the model.
 */
final class StreamingGeneration implements StreamingHandle {
  /** Receives a generation. Its methods must catch their own exceptions. */
  interface Receiver {
    /** Takes a piece of the text, which is never empty. */
    void piece(String piece, StreamingHandle handle);

    /** Takes the result; this is the last call. */
    void complete(PolyLm polyLm, GenerationResult result);

    /** Takes the error if there is no answer; this is the last call. */
    void error(RuntimeException failure);
  }

  private final Receiver receiver;
  private boolean cancelled; // guarded by this
  private @Nullable Runnable running; // guarded by this: ends the generation

  private StreamingGeneration(Receiver receiver) {
    this.receiver = receiver;
  }

  /**
   * Starts a generation.
   *
   * @param name the model's name, or null for the one that answers if a request names none
   * @param request makes the request for that model
   */
  static void start(
      LazyModels models,
      @Nullable String name,
      Function<PolyLm, GenerationRequest> request,
      Receiver receiver) {
    StreamingGeneration generation = new StreamingGeneration(receiver);
    Thread thread = new Thread(() -> generation.run(models, name, request), "polylm-streaming");
    thread.setDaemon(true);
    thread.start();
  }

  private void run(
      LazyModels models, @Nullable String name, Function<PolyLm, GenerationRequest> request) {
    try {
      models.ask(
          name,
          polyLm -> {
            GenerationResult result =
                Refusals.translating(() -> generate(polyLm, request.apply(polyLm)));
            if (!isCancelled()) {
              receiver.complete(polyLm, result);
            }
            return result;
          });
    } catch (RuntimeException e) {
      if (!isCancelled()) {
        receiver.error(e);
      }
    }
  }

  private GenerationResult generate(PolyLm polyLm, GenerationRequest request) {
    boolean beams = request.config().over(polyLm.generationDefaults()).numBeams() > 1;
    return beams ? giveWhole(polyLm.start(request)) : givePieces(polyLm.stream(request));
  }

  /** With beams the answer's text is known only at the end. */
  private GenerationResult giveWhole(GenerationHandle handle) {
    attach(handle::cancel);
    GenerationResult result = handle.result();
    if (!isCancelled()) {
      CutAnswers.checkedUncancelled(result);
    }
    if (!result.text().isEmpty() && !isCancelled()) {
      receiver.piece(result.text(), this);
    }
    return result;
  }

  private GenerationResult givePieces(GenerationStream pieces) {
    try (pieces) { // which ends the generation if a callback let an error out
      attach(pieces::cancel);
      for (String piece : pieces) {
        if (isCancelled()) {
          break;
        }
        receiver.piece(piece, this);
      }
      return pieces.result();
    }
  }

  private synchronized void attach(Runnable cancellation) {
    running = cancellation;
    if (cancelled) {
      cancellation.run();
    }
  }

  @Override
  public synchronized void cancel() {
    cancelled = true;
    if (running != null) {
      running.run();
    }
  }

  @Override
  public synchronized boolean isCancelled() {
    return cancelled;
  }
}
