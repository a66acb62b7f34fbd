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
import java.util.concurrent.locks.ReentrantLock;

/** A stream of events to a client, in the form of OpenAI's API. */
final class EventStream {
  private static final Duration LONGEST_SILENCE = Duration.ofSeconds(2);

  private final SseEventSink sink;
  private final Sse sse;
  private final long deadline; // nanoTime
  private final ReentrantLock sending = new ReentrantLock();
  private long lastSent = System.nanoTime(); // guarded by sending

  /**
   * @param time how long the answer may take; its client may take as long again to read it
   */
  EventStream(SseEventSink sink, Sse sse, Duration time) {
    this.sink = sink;
    this.sse = sse;
    this.deadline = lastSent + 2 * time.toNanos();
  }

  /** Thrown if the client has disconnected. */
  static final class ClientGoneException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ClientGoneException() {
      super("the client has disconnected", null, false, false);
    }
  }

  /**
   * Sends a chunk and waits until it is written. If the chunk has a type, that is the event's name.
   *
   * @throws ClientGoneException if it can't be written
   */
  void send(ObjectNode chunk) {
    OutboundSseEvent.Builder event = sse.newEventBuilder();
    if (chunk.path("type").isTextual()) {
      event.name(chunk.path("type").textValue());
    }
    send(event.data(String.class, Json.write(chunk)).build());
  }

  /** Reports an error in the middle of the stream. */
  void error(ObjectNode error) {
    send(sse.newEventBuilder().name("error").data(String.class, Json.write(error)).build());
  }

  /** Marks the end of the stream. */
  void done() {
    send(sse.newEvent("[DONE]"));
  }

  /**
   * Sends a comment if nothing was sent for some time. So a client that has disconnected is noticed
   * before there is something to send.
   *
   * @throws ClientGoneException if it can't be written
   */
  void beat() {
    if (sending.tryLock()) { // else an event is on its way
      try {
        if (System.nanoTime() - lastSent >= LONGEST_SILENCE.toNanos()) {
          write(sse.newEventBuilder().comment("").build());
        }
      } finally {
        sending.unlock();
      }
    }
  }

  private void send(OutboundSseEvent event) {
    sending.lock();
    try {
      write(event);
    } finally {
      sending.unlock();
    }
  }

  private void write(OutboundSseEvent event) {
    if (sink.isClosed()) {
      throw new ClientGoneException();
    }
    try {
      sink.send(event)
          .toCompletableFuture()
          .get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
      lastSent = System.nanoTime();
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
