package dev.polylm.server;

import dev.polylm.jakarta.openai.ApiException;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Refuses requests that servers could understand differently.
 *
 * <p>Undertow takes a body with any Transfer-Encoding for a chunked one. A server before this one
 * may not, and then both disagree on where the next request begins: one client could put a request
 * before another's. RFC 9112, section 6, allows only a body whose encoding is known to the server.
 */
final class CertainRequests implements HttpHandler {
  private static final HttpString HTTP2_SETTINGS = new HttpString("HTTP2-Settings");

  /** The bytes of a setting: its name and its value (RFC 9113, section 6.5.1). */
  private static final int SETTING_BYTES = 6;

  private final HttpHandler next;

  CertainRequests(HttpHandler next) {
    this.next = next;
  }

  @Override
  public void handleRequest(HttpServerExchange exchange) throws Exception {
    ApiException wrong = wrong(exchange);
    if (wrong == null) {
      next.handleRequest(exchange);
    } else {
      Refusals.send(exchange, wrong);
    }
  }

  private static @Nullable ApiException wrong(HttpServerExchange exchange) {
    String encoding = exchange.getRequestHeaders().getFirst(Headers.TRANSFER_ENCODING);
    if (encoding != null && !exchange.isHttp11()) {
      return ApiException.badRequest(
          null, "Only a request of HTTP/1.1 may have the header Transfer-Encoding.");
    }
    if (encoding != null && !encoding.equalsIgnoreCase("chunked")) {
      return ApiException.refused(501, "The header Transfer-Encoding must be chunked or missing.");
    }
    HeaderValues settings = exchange.getRequestHeaders().get(HTTP2_SETTINGS);
    if (settings != null && !(settings.size() == 1 && areSettings(settings.getFirst()))) {
      return ApiException.badRequest(null, "The header HTTP2-Settings can't be read.");
    }
    return null;
  }

  private static boolean areSettings(String value) {
    try {
      return Base64.getUrlDecoder().decode(value).length % SETTING_BYTES == 0;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
