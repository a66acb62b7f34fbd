package dev.polylm.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylm.PolyLm;
import jakarta.enterprise.inject.spi.CDI;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** How a server ends. */
final class DrainTest {
  private static final String LONG =
      "{\"prompt\": \"a\", \"max_tokens\": %d, \"suppress_tokens\": [2]}";

  private static CompletableFuture<HttpResponse<String>> ask(PolyLmServer server, int tokens) {
    server.awaitModels();
    Client client = new Client(server.uri(), HttpClient.Version.HTTP_1_1);
    CompletableFuture<HttpResponse<String>> answer =
        client.postLater("v1/completions", LONG.formatted(tokens));
    PolyLm polyLm = CDI.current().select(PolyLm.class).get();
    while (polyLm.engineState().running() == 0 && !answer.isDone()) {
      Thread.onSpinWait();
    }
    return answer;
  }

  private static PolyLmServer start() {
    return PolyLmServer.start("127.0.0.1", 0, Map.of());
  }

  @Test
  void runningAnswersEndAndNoOthersBegin() {
    try (PolyLmServer server = start()) {
      CompletableFuture<HttpResponse<String>> answer = ask(server, 300);
      assertThat(server.drain(Duration.ofMinutes(5))).isTrue();
      Client other = new Client(server.uri(), HttpClient.Version.HTTP_1_1);
      assertThatThrownBy(() -> other.get("v1/models"))
          .isInstanceOf(CompletionException.class)
          .hasCauseInstanceOf(ConnectException.class);
      assertThat(Client.json(answer.join().body()).at("/usage/completion_tokens").asInt())
          .isEqualTo(300);
    }
  }

  @Test
  void anAnswerThatTakesTooLongIsCut() {
    CompletableFuture<HttpResponse<String>> answer;
    try (PolyLmServer server = start()) {
      answer = ask(server, 900);
      assertThat(server.drain(Duration.ofMillis(1))).isFalse();
    }
    assertThat(answer.handle((response, e) -> e != null || response.statusCode() == 503).join())
        .isTrue();
  }
}
