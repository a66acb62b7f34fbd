package dev.polylm.jakarta.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polylm.jakarta.openai.Json;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A stream of events to a client, in the form of OpenAI's API. */
final class EventStream {
  private final SseEventSink sink;
  private final Sse sse;
  private final Duration patience;

  /**
   * @param patience how long a client may take to read an event
   */
  EventStream(SseEventSink sink, Sse sse, Duration patience) {
    this.sink = sink;
    this.sse = sse;
    this.patience = patience;
  }

  /** Thrown if the client has disconnected. */
  static final class ClientGoneException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ClientGoneException() {
      super("the client has disconnected", null, false, false);
    }
  }

  /**
   * Sends a chunk and waits until it is written.
   *
   * @throws ClientGoneException if it can't be written
   */
  void send(ObjectNode chunk) {
    send(sse.newEventBuilder().data(String.class, Json.write(chunk)).build());
  }

  /** Reports an error in the middle of the stream. */
  void error(ObjectNode error) {
    send(sse.newEventBuilder().name("error").data(String.class, Json.write(error)).build());
  }

  /** Marks the end of the stream. */
  void done() {
    send(sse.newEvent("[DONE]"));
  }

  private void send(OutboundSseEvent event) {
    if (sink.isClosed()) {
      throw new ClientGoneException();
    }
    try {
      sink.send(event).toCompletableFuture().get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClientGoneException();
    } catch (ExecutionException | TimeoutException | IllegalStateException e) {
      throw new ClientGoneException();
    }
  }

  void close() {
    sink.close();
  }
}
