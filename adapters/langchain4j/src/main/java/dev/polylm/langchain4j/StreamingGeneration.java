package dev.polylm.langchain4j;

import dev.langchain4j.model.chat.response.StreamingHandle;
import dev.polylm.PolyLm;
import dev.polylm.generation.GenerationHandle;
import dev.polylm.generation.GenerationRequest;
import dev.polylm.generation.GenerationResult;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A generation whose text is given while it is made. All callbacks come from one thread, which is
 * not the caller's; a slow one lets the pieces wait, not the model.
 */
final class StreamingGeneration implements StreamingHandle {
  /** What hears of a generation. What its methods throw is for them to catch. */
  interface Receiver {
    /** A piece of the text, never empty. */
    void piece(String piece, StreamingHandle handle);

    /** The end; the last call. */
    void complete(PolyLm polyLm, GenerationResult result);

    /** There is no answer; the last call. */
    void error(RuntimeException failure);
  }

  private static final String END = ""; // a piece is never empty

  private final Receiver receiver;
  private final BlockingQueue<String> pieces = new LinkedBlockingQueue<>();
  private boolean cancelled; // guarded by this
  private @Nullable GenerationHandle generation; // guarded by this

  private StreamingGeneration(Receiver receiver) {
    this.receiver = receiver;
  }

  /**
   * Starts a generation.
   *
   * @param name the model's, or null for the one that is asked where none is named
   * @param request makes the request for that model
   */
  static void start(
      Models models,
      @Nullable String name,
      Function<PolyLm, GenerationRequest> request,
      Receiver receiver) {
    StreamingGeneration generation = new StreamingGeneration(receiver);
    Thread thread = new Thread(() -> generation.run(models, name, request), "polylm-streaming");
    thread.setDaemon(true);
    thread.start();
  }

  private void run(
      Models models, @Nullable String name, Function<PolyLm, GenerationRequest> request) {
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
    // With beams it is known at the end only which text is the answer.
    boolean beams = request.config().over(polyLm.generationDefaults()).numBeams() > 1;
    GenerationHandle handle = polyLm.start(beams ? request : request.withTextListener(pieces::add));
    attach(handle);
    handle.completion().whenComplete((result, failure) -> pieces.add(END));
    try {
      givePieces();
      GenerationResult result = handle.result();
      if (beams && !result.text().isEmpty() && !isCancelled()) {
        receiver.piece(result.text(), this);
      }
      return result;
    } finally {
      handle.cancel(); // where an error has come out of a callback
    }
  }

  private synchronized void attach(GenerationHandle handle) {
    generation = handle;
  }

  private void givePieces() {
    try {
      for (String piece = pieces.take(); !piece.isEmpty(); piece = pieces.take()) {
        if (isCancelled()) {
          return;
        }
        receiver.piece(piece, this);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // which ends the generation when its result is waited for
    }
  }

  @Override
  public synchronized void cancel() {
    cancelled = true;
    if (generation != null) {
      generation.cancel();
    }
  }

  @Override
  public synchronized boolean isCancelled() {
    return cancelled;
  }
}
