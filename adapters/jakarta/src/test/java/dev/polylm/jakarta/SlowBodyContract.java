package dev.polylm.jakarta;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylm.jakarta.server.RawClient;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A body that does not come keeps no thread for ever. */
abstract class SlowBodyContract extends ServerContract {
  @Override
  Map<String, String> config() {
    return Map.of("polylm.server.body-seconds", "1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{\"prompt\": "})
  void aBodyThatStopsIsRefused(String begun) {
    try (RawClient client = new RawClient(server().uri())) {
      client.send(head() + begun);
      assertThat(client.readLineWith("HTTP/1.1")).startsWith("HTTP/1.1 408");
      assertThat(client.readThrough("is the limit."))
          .contains("The body did not arrive within 1 seconds, which is the limit.");
    }
    assertThat(client().get("v1/models").statusCode()).isEqualTo(200);
  }

  @Test
  void aBodyThatDripsIsCutOff() {
    try (RawClient client = new RawClient(server().uri())) {
      client.send(head());
      while (isRead(client)) {
        LockSupport.parkNanos(1_000_000); // a slow client
      }
    }
    assertThat(client().get("v1/models").statusCode()).isEqualTo(200);
  }

  /** Sends a little more; false where the server has answered or hung up. */
  private static boolean isRead(RawClient client) {
    try {
      client.send(" ");
      return !client.hasAnswer();
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  private static String head() {
    return String.join(
        "\r\n",
        "POST /v1/completions HTTP/1.1",
        "Host: localhost",
        "Content-Type: application/json",
        "Content-Length: 1000000",
        "",
        "");
  }
}
