package dev.polylm.jakarta.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polylm.jakarta.config.PolyLmSettings;
import dev.polylm.jakarta.openai.Answer;
import dev.polylm.jakarta.openai.ApiException;
import dev.polylm.jakarta.openai.Task;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of a request: it is checked on the server's thread, so that what is wrong with it is the
 * response's status, and answered on one of its own.
 */
@ApplicationScoped
public class Requests {
  private static final Logger LOG = LoggerFactory.getLogger(Requests.class);
  private static final Duration GRACE = Duration.ofSeconds(10);

  /** The header that says what is done in another way than a request asks for. */
  static final String WARNING = "X-PolyLM-Warning";

  /** What a request came with and is answered through. */
  record Exchange(HttpServletRequest request, HttpServletResponse response) {}

  @Inject private PolyLmSettings settings;
  @Inject private Traffic traffic;

  private final AtomicLong requests = new AtomicLong();

  /** Answers whole. */
  void answer(Exchange exchange, Function<ObjectNode, Task> reader, AsyncResponse response) {
    try {
      enter(
          exchange,
          caller -> {
            Answer answer = answer(exchange, caller, reader, chunk -> {});
            response.setTimeout(time().plus(GRACE).toMillis(), TimeUnit.MILLISECONDS);
            response.setTimeoutHandler(
                late -> {
                  answer.cancel();
                  late.resume(ApiResponses.error(ApiException.timeout()));
                });
            traffic.run(answer, () -> answerWhole(answer, response, caller));
          });
    } catch (RuntimeException | Error e) {
      response.resume(ApiResponses.error(apiException(e)));
    }
  }

  private void answerWhole(Answer answer, AsyncResponse response, int caller) {
    ObjectNode body;
    try {
      body = answer.whole();
    } catch (RuntimeException | Error e) {
      response.resume(ApiResponses.error(apiException(e)));
      return;
    } finally {
      traffic.leave(caller);
    }
    response.resume(ApiResponses.ok(body));
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
          });
    } catch (RuntimeException | Error e) {
      throw new WebApplicationException(ApiResponses.error(apiException(e)));
    }
  }

  private void answerInEvents(Answer answer, EventStream events, int caller) {
    try {
      answer.stream();
      events.done();
    } catch (EventStream.ClientGoneException e) {
      traffic.countCancelled();
    } catch (RuntimeException | Error e) {
      sayError(events, apiException(e));
    } finally {
      traffic.leave(caller);
      events.close();
    }
  }

  private static void sayError(EventStream events, ApiException error) {
    try {
      events.error(error.toJson());
    } catch (EventStream.ClientGoneException e) {
      LOG.debug("A client has gone before it could be told of an error");
    }
  }

  /** Counts a request in, and out again where its answer could not be begun. */
  private void enter(Exchange exchange, IntConsumer begin) {
    int caller = (Integer) exchange.request().getAttribute(AccessFilter.CALLER);
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
    Task task = reader.apply((ObjectNode) exchange.request().getAttribute(BodyFilter.BODY));
    task.warning().ifPresent(warning -> exchange.response().setHeader(WARNING, warning));
    return new Answer(task, sharer(caller), time(), sink);
  }

  /** Who shares rows with others: a key, or if there are none, each request. */
  private String sharer(int caller) {
    return settings.server().apiKeys().isEmpty()
        ? "request " + requests.incrementAndGet()
        : "key " + caller;
  }

  private Duration time() {
    return settings.server().requestTime();
  }

  /** What a client is told; the log says more of what is not its fault, but holds no prompt. */
  private static ApiException apiException(Throwable e) {
    if (e instanceof ApiException known) {
      return known;
    }
    LOG.error("A request failed", e);
    return ApiException.internal();
  }
}
