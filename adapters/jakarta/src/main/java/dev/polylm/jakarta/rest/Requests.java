package dev.polylm.jakarta.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polylm.jakarta.config.PolyLmSettings;
import dev.polylm.jakarta.openai.Answer;
import dev.polylm.jakarta.openai.ApiException;
import dev.polylm.jakarta.openai.Task;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
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

  @Inject private PolyLmSettings settings;
  @Inject private Traffic traffic;

  /** Answers whole. */
  void answer(
      HttpServletRequest request, Function<ObjectNode, Task> reader, AsyncResponse response) {
    try {
      int caller = enter(request);
      try {
        Answer answer = new Answer(reader.apply(body(request)), time(), chunk -> {});
        response.setTimeout(time().plus(GRACE).toMillis(), TimeUnit.MILLISECONDS);
        response.setTimeoutHandler(
            late -> {
              answer.cancel();
              late.resume(ApiResponses.error(ApiException.timeout()));
            });
        traffic.run(answer, () -> answerWhole(answer, response, caller));
      } catch (RuntimeException e) {
        traffic.leave(caller);
        throw e;
      }
    } catch (RuntimeException e) {
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
   * @throws WebApplicationException where the request is refused
   */
  void stream(
      HttpServletRequest request, Function<ObjectNode, Task> reader, SseEventSink sink, Sse sse) {
    try {
      int caller = enter(request);
      try {
        EventStream events = new EventStream(sink, sse, time());
        Answer answer = new Answer(reader.apply(body(request)), time(), events::send);
        traffic.run(answer, () -> answerInEvents(answer, events, caller));
      } catch (RuntimeException e) {
        traffic.leave(caller);
        throw e;
      }
    } catch (RuntimeException e) {
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

  private int enter(HttpServletRequest request) {
    int caller = (Integer) request.getAttribute(AccessFilter.CALLER);
    traffic.enter(caller);
    return caller;
  }

  private static ObjectNode body(HttpServletRequest request) {
    return (ObjectNode) request.getAttribute(BodyFilter.BODY);
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
