package dev.polylm.internal.delivery;

import dev.polylm.PolyLmException;
import dev.polylm.QueueFullException;
import dev.polylm.generation.GeneratedSequence;
import dev.polylm.generation.GenerationHandle;
import dev.polylm.generation.GenerationRequest;
import dev.polylm.generation.GenerationResult;
import dev.polylm.generation.GenerationStream;
import dev.polylm.internal.decoding.DecodingRunner;
import dev.polylm.internal.decoding.DecodingRunner.Ticket;
import dev.polylm.internal.delivery.Searches.Planned;
import dev.polylm.internal.log.Slf4j;
import dev.polylm.prompt.Prompt;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Answers requests. The caller's thread checks, encodes and submits each request; an error becomes
 * its result. Each method returns another view of the same {@link Generation}.
 *
 * <p>Thread-safe.
 */
public final class Generator {
  private static final String TEXTS = "dev.polylm.texts";
  private static final AtEnd UNHEARD = (result, failure) -> {};

  /** Receives the end of a generation before anyone else. */
  @FunctionalInterface
  public interface AtEnd {
    /**
     * Is called once, on the thread that ends the generation. It must not wait.
     *
     * @param result null if there is a failure
     * @param failure null if there is a result
     */
    void ended(@Nullable GenerationResult result, @Nullable Throwable failure);
  }

  private final Searches searches;
  private final DecodingRunner runner;
  private final Lifecycle lifecycle;
  private final boolean logTexts;

  /**
   * Makes a generator for a model.
   *
   * @param searches makes the searches for the model
   * @param runner runs the model
   * @param lifecycle counts the calls
   * @param logTexts whether prompts and answers are logged
   */
  public Generator(
      Searches searches, DecodingRunner runner, Lifecycle lifecycle, boolean logTexts) {
    this.searches = searches;
    this.runner = runner;
    this.lifecycle = lifecycle;
    this.logTexts = logTexts;
  }

  /**
   * Answers a request, and calls its text listener on the calling thread. If that thread is
   * interrupted, the answer ends at once with the text so far, and the interrupt flag stays set.
   * The time limit also ends a request that is still waiting.
   *
   * @throws PolyLmException if {@link Searches#plan} or {@link DecodingRunner#submit} refuses the
   *     request, or the model is closed
   */
  public GenerationResult generate(GenerationRequest request) {
    Consumer<String> listener = request.textListener();
    Generation generation = begin(request, listener != null, false, UNHEARD);
    if (listener != null) {
      try {
        new TextStream(generation, true).forEach(listener);
      } finally {
        generation.cancel(); // if the listener threw an exception
      }
    }
    return generation.result();
  }

  /** Returns the ids of a request's prompt; see {@link Searches#promptIds}. */
  public int[] promptIds(GenerationRequest request) {
    return searches.promptIds(request);
  }

  /**
   * Answers requests together and waits for all. If the engine's queue is full, the remaining
   * requests are submitted as soon as there is room. If a request is refused or fails, the others
   * are cancelled. If several fail, the first in the list counts.
   *
   * @return the results in the order of the requests
   * @throws PolyLmException if a request has a text listener, or as {@link #generate}
   */
  public List<GenerationResult> generateAll(List<GenerationRequest> requests) {
    for (GenerationRequest request : requests) {
      if (request.textListener() != null) {
        throw new PolyLmException("a request of a batch has a text listener, must have none");
      }
    }
    List<Generation> generations = new ArrayList<>();
    try {
      for (GenerationRequest request : requests) {
        generations.add(beginWhenThereIsRoom(request, generations));
      }
      return generations.stream().map(Generation::result).toList();
    } finally {
      generations.forEach(Generation::cancel); // those that have not ended if one has failed
    }
  }

  private Generation beginWhenThereIsRoom(GenerationRequest request, List<Generation> before) {
    Lifecycle.Call call = lifecycle.begin();
    try {
      Planned planned = searches.plan(request, null);
      while (true) {
        Optional<Generation> running = before.stream().filter(other -> !other.ended()).findFirst();
        try {
          return submit(planned, new PieceQueue(), call, false, UNHEARD);
        } catch (QueueFullException e) {
          running
              .orElseThrow(() -> e)
              .awaitEnd(); // requests of others fill the queue if none of these runs
        }
      }
    } catch (RuntimeException | Error e) {
      call.end();
      throw e;
    }
  }

  /** Answers a request while its caller does other work. */
  public GenerationHandle start(GenerationRequest request) {
    return start(request, UNHEARD);
  }

  /**
   * Answers a request as {@link #start(GenerationRequest)} does, and tells an observer of the end.
   */
  public GenerationHandle start(GenerationRequest request, AtEnd atEnd) {
    Consumer<String> listener = request.textListener();
    boolean listened = listener != null;
    return StartedGeneration.of(begin(request, listened, listened, atEnd), listener);
  }

  /**
   * Answers a request piece by piece.
   *
   * @throws PolyLmException if the request has a text listener; the stream throws all other errors
   */
  public GenerationStream stream(GenerationRequest request) {
    return stream(request, UNHEARD);
  }

  /**
   * Answers a request as {@link #stream(GenerationRequest)} does, and tells an observer of the end.
   */
  public GenerationStream stream(GenerationRequest request, AtEnd atEnd) {
    checkNoListener(request, "a stream");
    return new TextStream(begin(request, true, false, atEnd), false);
  }

  /**
   * Publishes the text of answers. Each subscriber has its own generation, which begins with the
   * subscription.
   *
   * @throws PolyLmException if the request has a text listener; the subscribers receive all other
   *     errors
   */
  public Flow.Publisher<String> publisher(GenerationRequest request) {
    checkNoListener(request, "a publisher");
    return subscriber -> {
      Objects.requireNonNull(subscriber, "subscriber");
      TextSubscription subscription = new TextSubscription(subscriber, false);
      subscriber.onSubscribe(subscription);
      subscription.attach(begin(request, true, false, UNHEARD));
    };
  }

  private static void checkNoListener(GenerationRequest request, String what) {
    if (request.textListener() != null) {
      throw new PolyLmException(
          "the request has a text listener, and %s has its own; must have none".formatted(what));
    }
  }

  /**
   * Checks, encodes and submits a request. A refusal becomes the generation's failure.
   *
   * @param textWanted true if someone takes the pieces
   * @param listened true if the call lasts until the listener has received all pieces and ends it
   */
  private Generation begin(
      GenerationRequest request, boolean textWanted, boolean listened, AtEnd atEnd) {
    Lifecycle.Call call = null;
    try {
      call = lifecycle.begin();
      PieceQueue pieces = new PieceQueue();
      Planned planned = searches.plan(request, textWanted ? pieces : null);
      return submit(planned, pieces, call, listened, atEnd);
    } catch (RuntimeException | Error e) {
      if (call != null && !listened) {
        call.end();
      }
      return Generation.refused(e, call, atEnd);
    }
  }

  private Generation submit(
      Planned planned, PieceQueue pieces, Lifecycle.Call call, boolean listened, AtEnd atEnd) {
    Ticket ticket = runner.submit(planned.search(), planned.terms());
    Generation generation = new Generation(pieces, ticket, call);
    ticket.onEnd(
        failure -> {
          generation.end(failure, () -> result(planned, ticket), atEnd);
          if (!listened) {
            call.end();
          }
        });
    return generation;
  }

  private GenerationResult result(Planned planned, Ticket ticket) {
    GenerationResult result =
        new GenerationResult(
            planned.search().results(),
            planned.search().prompts().get(0).length,
            Math.min(ticket.reusedIds(), planned.search().prompts().get(0).length),
            planned.search().promptScore(),
            planned.seed(),
            planned.search().draftCounts(),
            ticket.timings());
    searches.keep(planned, result.sequences().get(0));
    if (logTexts) {
      log(planned.request(), result);
    }
    return result;
  }

  private void log(GenerationRequest request, GenerationResult result) {
    Prompt prompt = request.prompt();
    String asked = prompt == null ? Arrays.toString(request.inputIds()) : prompt.text();
    Slf4j.log(TEXTS, log -> log.debug("prompt: {}", asked));
    for (GeneratedSequence sequence : result.sequences()) {
      boolean texts = searches.tokenizer() != null;
      String answer = texts ? sequence.text() : Arrays.toString(sequence.ids());
      Slf4j.log(TEXTS, log -> log.debug("answer: {}", answer));
    }
  }
}
