package dev.polylm.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.polylm.EngineState;
import dev.polylm.PolyLm;
import dev.polylm.jakarta.rest.Traffic;
import jakarta.enterprise.inject.spi.CDI;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A client that asks for a stream and reads nothing of it. */
final class SlowReaderTest {
  /** Each event has the name, so that all together are far more than the system buffers. */
  private static final Map<String, String> CONFIG =
      Map.of("polylm.server.request-seconds", "4", "polylm.model.name", "m".repeat(8000));

  private static final String REQUEST =
      "{\"prompt\": \"a\", \"n\": 8, \"max_tokens\": 400, \"suppress_tokens\": [2], \"stream\":"
          + " true}";

  @Test
  void holdsNoRowAndNoPlaceForEver() throws IOException {
    try (PolyLmServer server = PolyLmServer.start("127.0.0.1", 0, CONFIG);
        Socket socket = new Socket()) {
      server.awaitModels();
      socket.setReceiveBufferSize(1024);
      socket.connect(new InetSocketAddress(server.uri().getHost(), server.uri().getPort()));
      socket.getOutputStream().write(request());
      PolyLm polyLm = CDI.current().select(PolyLm.class).get();
      Traffic traffic = CDI.current().select(Traffic.class).get();
      awaitRows(polyLm, true);
      Client other = new Client(server.uri(), HttpClient.Version.HTTP_1_1);
      String answer = other.post("v1/completions", "{\"prompt\": \"a\", \"max_tokens\": 2}").body();
      assertThat(Client.json(answer).at("/usage/completion_tokens").asInt()).isEqualTo(2);
      awaitRows(polyLm, false);
      assertThat(traffic.total()).as("the rows are free, and events wait for the reader").isOne();
      while (traffic.total() > 0) {
        Thread.onSpinWait();
      }
      assertThat(traffic.cancelled()).isOne();
    }
  }

  private static byte[] request() {
    String head =
        "POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + "Content-Length: %d\r\n\r\n".formatted(REQUEST.length());
    return (head + REQUEST).getBytes(StandardCharsets.US_ASCII);
  }

  private static void awaitRows(PolyLm polyLm, boolean running) {
    EngineState state = polyLm.engineState();
    while (running != (state.running() + state.waiting() > 0)) {
      Thread.onSpinWait();
      state = polyLm.engineState();
    }
  }
}
