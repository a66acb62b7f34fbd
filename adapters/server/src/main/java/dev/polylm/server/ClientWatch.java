package dev.polylm.server;

import dev.polylm.jakarta.rest.Departure;
import io.undertow.connector.PooledByteBuffer;
import io.undertow.server.Connectors;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.ServerConnection;
import io.undertow.server.protocol.http.HttpServerConnection;
import io.undertow.servlet.handlers.ServletRequestContext;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.xnio.conduits.ConduitStreamSourceChannel;
import org.xnio.conduits.StreamSourceConduit;

/**
 * Notices that a client disconnects while it waits for an answer.
 *
 * <p>Undertow reads nothing from a connection between a request's body and its answer. So this
 * class reads there. The end of the connection means that the client has gone. Bytes are the
 * client's next request, which goes back to Undertow. All of it happens on the connection's own
 * thread, on which Undertow also begins to read the next request.
 */
final class ClientWatch implements HttpHandler {
  private static final int LOOK_MILLIS = 200;

  private final HttpHandler next;

  ClientWatch(HttpHandler next) {
    this.next = next;
  }

  @Override
  public void handleRequest(HttpServerExchange exchange) throws Exception {
    Departure departure = action -> watch(exchange, action);
    exchange
        .getAttachment(ServletRequestContext.ATTACHMENT_KEY)
        .getServletRequest()
        .setAttribute(Departure.ATTRIBUTE, departure);
    next.handleRequest(exchange);
  }

  private static void watch(HttpServerExchange exchange, Runnable action) {
    ServerConnection connection = exchange.getConnection();
    connection.addCloseListener(closed -> leave(exchange, action));
    if (connection instanceof HttpServerConnection http1) {
      http1.getIoThread().execute(() -> read(http1, exchange, action));
    } else {
      connection.getIoThread().execute(() -> look(exchange, action));
    }
  }

  /**
   * Looks again and again whether a client of HTTP/2 has reset the request's stream, and so has
   * gone although its connection is open. Undertow tells nobody.
   */
  private static void look(HttpServerExchange exchange, Runnable action) {
    if (!Connectors.getConduitSinkChannel(exchange).isOpen()) {
      leave(exchange, action);
    } else if (!exchange.isComplete()) {
      exchange
          .getIoThread()
          .executeAfter(() -> look(exchange, action), LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private static void leave(HttpServerExchange exchange, Runnable action) {
    if (!exchange.isComplete()) {
      action.run();
    }
  }

  private static void read(
      HttpServerConnection connection, HttpServerExchange exchange, Runnable action) {
    if (exchange.isComplete() || connection.getExtraBytes() != null) {
      return;
    }
    ConduitStreamSourceChannel source = connection.getChannel().getSourceChannel();
    source.getReadSetter().set(channel -> readable(connection, exchange, action));
    connection.getOriginalSourceConduit().resumeReads();
  }

  private static void readable(
      HttpServerConnection connection, HttpServerExchange exchange, Runnable action) {
    StreamSourceConduit source = connection.getOriginalSourceConduit();
    PooledByteBuffer pooled = connection.getByteBufferPool().allocate();
    ByteBuffer buffer = pooled.getBuffer();
    int count;
    try {
      count = source.read(buffer);
    } catch (IOException e) {
      count = -1;
    }
    if (count > 0) {
      buffer.flip();
      connection.ungetRequestBytes(pooled);
    } else {
      pooled.close();
    }
    if (count != 0) {
      source.suspendReads();
    }
    if (count < 0) {
      leave(exchange, action);
    }
  }
}
