package dev.polylm.jakarta.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.polylm.jakarta.openai.ApiException;
import dev.polylm.jakarta.openai.Json;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.Semaphore;
import java.util.function.Function;

/**
 * Makes trees of JSON bodies. A tree takes up to forty times a body's bytes, so long bodies wait
 * for one another, and nothing keeps a tree.
 */
@ApplicationScoped
class BodyParser {
  private static final int BYTES_AT_ONCE = 1 << 20;

  /** Bodies of up to this length wait for nobody. */
  private static final int SHORT = 1 << 14;

  private final Semaphore bytes = new Semaphore(BYTES_AT_ONCE);

  /**
   * Returns what a function makes of a body.
   *
   * @throws ApiException if the body is not a JSON object in UTF-8
   */
  <T> T parse(byte[] body, Function<ObjectNode, T> function) {
    int share = body.length <= SHORT ? 0 : Math.min(body.length, BYTES_AT_ONCE);
    bytes.acquireUninterruptibly(share);
    try {
      return function.apply(Json.parse(body));
    } finally {
      bytes.release(share);
    }
  }
}
