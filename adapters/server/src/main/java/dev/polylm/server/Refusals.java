package dev.polylm.server;

import dev.polylm.jakarta.openai.ApiException;
import dev.polylm.jakarta.openai.Json;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import java.nio.ByteBuffer;

/** Refuses requests before a servlet sees them, in the form of the API's other errors. */
final class Refusals {
  private Refusals() {}

  /** Answers with an error and closes the connection: what follows on it can't be trusted. */
  static void send(HttpServerExchange exchange, ApiException error) {
    exchange.setPersistent(false);
    exchange.setStatusCode(error.status());
    exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "application/json");
    UnreadBody.limit(exchange);
    exchange.getResponseSender().send(ByteBuffer.wrap(Json.bytes(error.toJson())));
  }
}
