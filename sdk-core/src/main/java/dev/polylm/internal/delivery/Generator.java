package dev.polylm.internal.delivery;

import dev.polylm.PolyLmException;
import dev.polylm.QueueFullException;
import dev.polylm.generation.GeneratedSequence;
import dev.polylm.generation.GenerationConfig;
import dev.polylm.generation.GenerationHandle;
import dev.polylm.generation.GenerationRequest;
import dev.polylm.generation.GenerationResult;
import dev.polylm.generation.GenerationStream;
import dev.polylm.internal.decoding.DecodingRunner;
import dev.polylm.internal.decoding.DecodingRunner.Ticket;
import dev.polylm.internal.delivery.Searches.Planned;
import dev.polylm.model.ModelDimensions;
import dev.polylm.prompt.Prompt;
import dev.polylm.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers requests. Each is checked, encoded and submitted on its caller's thread; what is wrong
 * with it is its result. Each method gives another view of the same {@link Generation}.
 *
 * <p>Thread-safe.
 */
public final class Generator {
  private static final Logger TEXTS = LoggerFactory.getLogger("dev.polylm.texts");
  private static final AtEnd UNHEARD = (result, failure) -> {};

  /** Hears of the end of a generation before anyone else. */
  @FunctionalInterface
  public interface AtEnd {
    /**
     * It is called once, on the thread that ends the generation, where it must not wait.
     *
     * @param result null where there is a failure
     * @param failure null where there is a result
     */
    void ended(@Nullable GenerationResult result, @Nullable Throwable failure);
  }

  private final Searches searches;
  private final DecodingRunner runner;
  private final Lifecycle lifecycle;
  private final boolean logTexts;

  /**
   * Answers with a model.
   *
   * @param dimensions the model's
   * @param runner runs the model
   * @param lifecycle counts the calls
   * @param tokenizer null where the model takes ids only
   * @param modelDefaults the settings of the model's generation_config.json
   * @param logTexts whether prompts and answers are logged
   */
  public Generator(
      ModelDimensions dimensions,
      DecodingRunner runner,
      Lifecycle lifecycle,
      @Nullable Tokenizer tokenizer,
      GenerationConfig modelDefaults,
      boolean logTexts) {
    this.searches = new Searches(dimensions, tokenizer, modelDefaults);
    this.runner = runner;
    this.lifecycle = lifecycle;
    this.logTexts = logTexts;
  }

  /**
   * Answers a request, and serves its text listener on the calling thread. When that thread is
   * interrupted the answer ends at once with what there is, and the interrupt flag stays set. A
   * request that waits for others to end is ended by its time, too.
   *
   * @throws PolyLmException if the request is refused, as {@link Searches#plan} and {@link
   *     DecodingRunner#submit} say, or the model is closed
   */
  public GenerationResult generate(GenerationRequest request) {
    Consumer<String> listener = request.textListener();
    Generation generation = begin(request, listener != null, false, UNHEARD);
    if (listener != null) {
      try {
        new TextStream(generation).forEach(listener);
      } finally {
        generation.cancel(); // where an exception has come out of the listener
      }
    }
    return generation.result();
  }

  /**
   * Answers requests beside one another, and waits for all. Those that the engine's queue can't
   * hold are submitted as there is room. Where a request is refused or fails, the others are
   * cancelled; of several, the first in the list counts.
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
      generations.forEach(Generation::cancel); // those that have not ended where one has failed
    }
  }

  private Generation beginWhenThereIsRoom(GenerationRequest request, List<Generation> before) {
    Lifecycle.Call call = lifecycle.begin();
    try {
      Planned planned = searches.plan(request, null);
      while (true) {
        Optional<Generation> running = before.stream().filter(other -> !other.ended()).findFirst();
        try {
          return submit(planned, new Pieces(), call, false, UNHEARD);
        } catch (QueueFullException e) {
          running
              .orElseThrow(() -> e)
              .awaitEnd(); // others' requests fill the queue where none runs
        }
      }
    } catch (RuntimeException | Error e) {
      call.end();
      throw e;
    }
  }

  /** Answers a request while its caller does something else. */
  public GenerationHandle start(GenerationRequest request) {
    return start(request, UNHEARD);
  }

  /** As {@link #start(GenerationRequest)}, with one that hears of the end. */
  public GenerationHandle start(GenerationRequest request, AtEnd atEnd) {
    Consumer<String> listener = request.textListener();
    boolean listened = listener != null;
    return StartedGeneration.of(begin(request, listened, listened, atEnd), listener);
  }

  /**
   * Answers a request piece by piece.
   *
   * @throws PolyLmException if the request has a text listener; what else is wrong with it, the
   *     stream throws
   */
  public GenerationStream stream(GenerationRequest request) {
    return stream(request, UNHEARD);
  }

  /** As {@link #stream(GenerationRequest)}, with one that hears of the end. */
  public GenerationStream stream(GenerationRequest request, AtEnd atEnd) {
    checkNoListener(request, "a stream");
    return new TextStream(begin(request, true, false, atEnd));
  }

  /**
   * Publishes the text of answers. Each subscriber has a generation of its own, which begins with
   * its subscription.
   *
   * @throws PolyLmException if the request has a text listener; what else is wrong with it, the
   *     subscribers hear
   */
  public Flow.Publisher<String> publisher(GenerationRequest request) {
    checkNoListener(request, "a publisher");
    return subscriber -> {
      Objects.requireNonNull(subscriber, "subscriber");
      TextSubscription subscription = new TextSubscription(subscriber);
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
   * Checks, encodes and submits a request; what it is refused for is the generation's failure.
   *
   * @param textWanted someone takes the pieces
   * @param listened the call lasts until a listener has been served, who ends it
   */
  private Generation begin(
      GenerationRequest request, boolean textWanted, boolean listened, AtEnd atEnd) {
    Lifecycle.Call call = null;
    try {
      call = lifecycle.begin();
      Pieces pieces = new Pieces();
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
      Planned planned, Pieces pieces, Lifecycle.Call call, boolean listened, AtEnd atEnd) {
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
            planned.search().promptScore(),
            planned.seed(),
            planned.search().draftCounts(),
            ticket.timings());
    if (logTexts) {
      log(planned.request(), result);
    }
    return result;
  }

  private void log(GenerationRequest request, GenerationResult result) {
    Prompt prompt = request.prompt();
    TEXTS.debug("prompt: {}", prompt == null ? Arrays.toString(request.inputIds()) : prompt.text());
    for (GeneratedSequence sequence : result.sequences()) {
      boolean texts = searches.tokenizer() != null;
      TEXTS.debug("answer: {}", texts ? sequence.text() : Arrays.toString(sequence.ids()));
    }
  }
}
