package dev.polylm.server;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.ServerConnection;
import io.undertow.server.protocol.http.HttpServerConnection;
import io.undertow.servlet.handlers.ServletRequestContext;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.xnio.IoUtils;

/**
 * Waits for the rest of a refused request's body for a short time only.
 *
 * <p>After an answer, Undertow reads the rest of the request's body on the request's thread, for as
 * long as the client likes. So clients without a key could take all threads with bodies that they
 * never send. A request that is answered at once, without its body, was refused: what it still
 * sends is cut off.
 */
final class UnreadBody implements HttpHandler {
  /** Long enough for a body that is on its way, so that its client can read the answer. */
  private static final long PATIENCE_SECONDS = 1;

  private final HttpHandler next;

  UnreadBody(HttpHandler next) {
    this.next = next;
  }

  @Override
  public void handleRequest(HttpServerExchange exchange) throws Exception {
    try {
      next.handleRequest(exchange);
    } finally {
      if (!isBeingAnswered(exchange)) {
        limit(exchange);
      }
    }
  }

  /** Gives what is still to come of a request's body a short time. */
  static void limit(HttpServerExchange exchange) {
    if (isUnread(exchange)) {
      exchange
          .getIoThread()
          .executeAfter(() -> cutOff(exchange), PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
  }

  private static boolean isUnread(HttpServerExchange exchange) {
    return !exchange.isRequestComplete();
  }

  private static boolean isBeingAnswered(HttpServerExchange exchange) {
    return exchange
        .getAttachment(ServletRequestContext.ATTACHMENT_KEY)
        .getServletRequest()
        .isAsyncStarted();
  }

  /** Ends the thread's wait. Undertow then sends the answer and closes the connection. */
  private static void cutOff(HttpServerExchange exchange) {
    if (!isUnread(exchange)) {
      return;
    }
    ServerConnection connection = exchange.getConnection();
    try {
      if (connection instanceof HttpServerConnection http1) {
        http1.getOriginalSourceConduit().terminateReads();
      } else {
        connection.close();
      }
    } catch (IOException e) {
      IoUtils.safeClose(connection);
    }
  }
}
