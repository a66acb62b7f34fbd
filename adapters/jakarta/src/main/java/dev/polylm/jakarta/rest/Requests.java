package dev.polylm.jakarta.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polylm.jakarta.config.PolyLmSettings;
import dev.polylm.jakarta.openai.Answer;
import dev.polylm.jakarta.openai.ApiException;
import dev.polylm.jakarta.openai.Json;
import dev.polylm.jakarta.openai.ModelCall;
import dev.polylm.jakarta.openai.Task;
import dev.polylm.jakarta.openai.Work;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a request from check to answer. The server's thread checks it, so that an error becomes the
 * response's status. A thread of its own answers it.
 */
@ApplicationScoped
public class Requests {
  private static final Logger LOG = LoggerFactory.getLogger(Requests.class);
  private static final Duration GRACE = Duration.ofSeconds(10);

  /** The header that says what is done differently from what a request asks for. */
  static final String WARNING = "X-PolyLM-Warning";

  /** What came with a request, and the way to answer it. */
  record Exchange(HttpServletRequest request, HttpServletResponse response) {}

  @Inject private PolyLmSettings settings;
  @Inject private Traffic traffic;

  private final AtomicLong requests = new AtomicLong();

  /** Answers as a whole. */
  void answer(Exchange exchange, Function<ObjectNode, Task> reader, AsyncResponse response) {
    work(exchange, caller -> answer(exchange, caller, reader, chunk -> {}), response);
  }

  /** Answers with what calls of a model give. The reader also gets the name of who shares rows. */
  void call(
      Exchange exchange, BiFunction<ObjectNode, String, ModelCall> reader, AsyncResponse response) {
    work(exchange, caller -> reader.apply(body(exchange), sharer(caller)), response);
  }

  /** Answers with a sentence, on the server's thread. */
  Response say(Exchange exchange, Function<ObjectNode, String> reader) {
    try {
      int caller = caller(exchange);
      traffic.enter(caller);
      try {
        return ApiResponses.text(reader.apply(body(exchange)));
      } finally {
        traffic.leave(caller);
      }
    } catch (RuntimeException | Error e) {
      return ApiResponses.error(apiException(e));
    }
  }

  private void work(Exchange exchange, IntFunction<Work> maker, AsyncResponse response) {
    BodyMemory.Share memory = memory(exchange);
    try {
      enter(
          exchange,
          caller -> {
            Work work = maker.apply(caller);
            exchange.request().removeAttribute(BodyFilter.MEMORY);
            traffic.run(
                work,
                () -> {
                  try (memory) {
                    response.resume(whole(work, memory, response, caller));
                  }
                });
            watch(exchange, work);
          });
    } catch (RuntimeException | Error e) {
      memory.close();
      response.resume(ApiResponses.error(apiException(e)));
    }
  }

  private Response whole(Work work, BodyMemory.Share memory, AsyncResponse response, int caller) {
    try {
      // RESTEasy would keep what belongs to the response's own timeout long after the answer.
      Future<?> alarm = traffic.after(time().plus(GRACE), () -> late(work, response));
      try {
        byte[] body = Json.bytes(work.whole());
        memory.shrinkTo(body.length);
        return ApiResponses.ok(body);
      } finally {
        alarm.cancel(false);
      }
    } catch (RuntimeException | Error e) {
      return ApiResponses.error(apiException(e));
    } finally {
      traffic.leave(caller);
    }
  }

  private static void late(Work work, AsyncResponse response) {
    work.cancel();
    response.resume(ApiResponses.error(ApiException.timeout()));
  }

  /**
   * Answers in events.
   *
   * @throws WebApplicationException if the request is refused
   */
  void stream(Exchange exchange, Function<ObjectNode, Task> reader, SseEventSink sink, Sse sse) {
    try {
      enter(
          exchange,
          caller -> {
            EventStream events = new EventStream(sink, sse, time());
            Answer answer = answer(exchange, caller, reader, events::send);
            traffic.run(answer, () -> answerInEvents(answer, events, caller));
            watch(exchange, answer);
          });
    } catch (RuntimeException | Error e) {
      throw new WebApplicationException(ApiResponses.error(apiException(e)));
    }
  }

  private void answerInEvents(Answer answer, EventStream events, int caller) {
    Future<?> beats = traffic.everySecond(() -> beat(answer, events));
    try {
      answer.stream();
      if (answer.endsWithMark()) {
        events.done();
      }
    } catch (EventStream.ClientGoneException e) {
      traffic.cancel(answer);
    } catch (RuntimeException | Error e) {
      sayError(events, apiException(e));
    } finally {
      beats.cancel(false);
      traffic.leave(caller);
      events.close();
    }
  }

  private void beat(Answer answer, EventStream events) {
    try {
      events.beat();
    } catch (EventStream.ClientGoneException e) {
      traffic.cancel(answer);
    }
  }

  private void watch(Exchange exchange, Work work) {
    if (exchange.request().getAttribute(Departure.ATTRIBUTE) instanceof Departure departure) {
      departure.watch(() -> traffic.cancel(work));
    }
  }

  private static void sayError(EventStream events, ApiException error) {
    try {
      events.error(error.toJson());
    } catch (EventStream.ClientGoneException e) {
      LOG.debug("A client disconnected before the server could report an error to it");
    }
  }

  /** Counts a request in, and out again if its answer could not begin. */
  private void enter(Exchange exchange, IntConsumer begin) {
    int caller = caller(exchange);
    traffic.enter(caller);
    boolean begun = false;
    try {
      begin.accept(caller);
      begun = true;
    } finally {
      if (!begun) {
        traffic.leave(caller);
      }
    }
  }

  private Answer answer(
      Exchange exchange, int caller, Function<ObjectNode, Task> reader, Consumer<ObjectNode> sink) {
    Task task = reader.apply(body(exchange));
    exchange.request().removeAttribute(BodyFilter.BODY);
    memory(exchange).close(); // a task is no longer than the model's context
    task.warning().ifPresent(warning -> exchange.response().setHeader(WARNING, warning));
    return new Answer(task, sharer(caller), time(), sink);
  }

  private static BodyMemory.Share memory(Exchange exchange) {
    return (BodyMemory.Share) exchange.request().getAttribute(BodyFilter.MEMORY);
  }

  private static int caller(Exchange exchange) {
    return (Integer) exchange.request().getAttribute(AccessFilter.CALLER);
  }

  private static ObjectNode body(Exchange exchange) {
    return (ObjectNode) exchange.request().getAttribute(BodyFilter.BODY);
  }

  /** Returns who shares rows with others: the key, or each single request if there are no keys. */
  private String sharer(int caller) {
    return settings.server().apiKeys().isEmpty()
        ? "request " + requests.incrementAndGet()
        : "key " + caller;
  }

  private Duration time() {
    return settings.server().requestTime();
  }

  /**
   * Returns the error that the client gets. If the client is not at fault, the log says more, but
   * it holds no prompt.
   */
  private static ApiException apiException(Throwable e) {
    if (e instanceof ApiException known) {
      return known;
    }
    LOG.error("A request failed", e);
    return ApiException.internal();
  }
}
