package dev.polylm.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.polylm.PolyLm;
import dev.polylm.PolyLmException;
import dev.polylm.jakarta.rest.Traffic;
import jakarta.enterprise.inject.spi.CDI;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The runtime itself: versions of HTTP, clients that go away, the end. */
final class PolyLmServerTest {
  /** 800 ids at least, since the id that ends an answer is left out. */
  private static final String LONG =
      "{\"prompt\": \"a\", \"max_tokens\": 450, \"n\": 8, \"suppress_tokens\": [2]%s}";

  private static PolyLmServer server;

  @BeforeAll
  static void start() {
    server = start(Map.of());
    assertThat(server.awaitModels()).containsExactly("polylm-tiny");
  }

  private static PolyLmServer start(Map<String, String> config) {
    return PolyLmServer.start("127.0.0.1", 0, config);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @ParameterizedTest
  @EnumSource(HttpClient.Version.class)
  void speaksBothVersionsOfHttpWithoutTls(HttpClient.Version version) {
    Client client = new Client(server.uri(), version);
    String greedy = "{\"prompt\": \"Monday\", \"max_tokens\": 5%s}";
    HttpResponse<String> whole = client.post("v1/completions", greedy.formatted(""));
    assertThat(whole.version()).isEqualTo(version);
    assertThat(whole.statusCode()).isEqualTo(200);
    HttpResponse<String> pieces =
        client.post("v1/completions", greedy.formatted(", \"stream\": true"));
    assertThat(pieces.version()).isEqualTo(version);
    StringBuilder text = new StringBuilder();
    Client.data(pieces.body()).forEach(chunk -> text.append(chunk.at("/choices/0/text").asText()));
    assertThat(text).hasToString(Client.json(whole.body()).at("/choices/0/text").asText());
  }

  @ParameterizedTest
  @ValueSource(strings = {"nothing", "v1/nothing", "health/nothing", "chat/nothing/there"})
  void anUnknownPathGetsASentence(String path) {
    HttpResponse<String> answer = new Client(server.uri(), HttpClient.Version.HTTP_1_1).get(path);
    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(Client.json(answer.body()).at("/error/code").asText()).isEqualTo("unknown_url");
    assertThat(answer.headers().allValues("Content-Type")).containsExactly("application/json");
  }

  @Test
  void theServersAddressLeadsToTheChatPage() {
    HttpResponse<String> answer = new Client(server.uri(), HttpClient.Version.HTTP_1_1).get("");
    assertThat(answer.statusCode()).isEqualTo(307);
    assertThat(answer.headers().allValues("Location")).containsExactly(server.uri() + "chat");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ", \"stream\": true, \"num_beams\": 8"})
  void aClientThatGoesAwayEndsItsAnswer(String how) throws IOException {
    Traffic traffic = traffic();
    long gone = traffic.cancelled();
    try (Socket socket = new Socket(server.uri().getHost(), server.uri().getPort())) {
      socket.getOutputStream().write(rawPost(LONG.formatted(how)));
      awaitRunning();
    }
    while (traffic.cancelled() == gone || traffic.total() > 0) {
      Thread.onSpinWait();
    }
    assertThat(traffic.cancelled()).isEqualTo(gone + 1);
  }

  @Test
  void aClientOfHttp2ThatGoesAwayEndsItsAnswer() {
    Traffic traffic = traffic();
    long gone = traffic.cancelled();
    Client client = new Client(server.uri(), HttpClient.Version.HTTP_2);
    assertThat(client.get("v1/models").version()).isEqualTo(HttpClient.Version.HTTP_2);
    CompletableFuture<HttpResponse<String>> answer =
        client.postLater("v1/completions", LONG.formatted(""));
    awaitRunning();
    answer.cancel(true);
    while (traffic.cancelled() == gone || traffic.total() > 0) {
      Thread.onSpinWait();
    }
    assertThat(traffic.cancelled()).isEqualTo(gone + 1);
    assertThat(client.get("health").version())
        .as("it resets a stream, and keeps the connection")
        .isEqualTo(HttpClient.Version.HTTP_2);
  }

  @ParameterizedTest
  @EnumSource(HttpClient.Version.class)
  void aClientThatReadsItsAnswerHasNotGone(HttpClient.Version version) {
    Traffic traffic = traffic();
    long gone = traffic.cancelled();
    Client client = new Client(server.uri(), version);
    for (String how : new String[] {"", ", \"stream\": true"}) {
      String json = "{\"prompt\": \"a\", \"max_tokens\": 2%s}".formatted(how);
      assertThat(client.post("v1/completions", json).statusCode()).isEqualTo(200);
    }
    while (traffic.total() > 0) {
      Thread.onSpinWait();
    }
    assertThat(traffic.cancelled()).isEqualTo(gone);
  }

  /** The next request of the same connection is not taken for its end. */
  @Test
  void requestsInARowOnOneConnectionAreAnswered() throws IOException {
    byte[] request = rawPost("{\"prompt\": \"a\", \"max_tokens\": 200}");
    try (Socket socket = new Socket(server.uri().getHost(), server.uri().getPort())) {
      socket.getOutputStream().write(request);
      while (!isRunning() && socket.getInputStream().available() == 0) {
        Thread.onSpinWait();
      }
      socket.getOutputStream().write(request);
      socket.getOutputStream().write(request);
      byte[] answers = new byte[3];
      for (int i = 0; i < 3; i++) {
        answers[i] = (byte) (readAnswer(socket).startsWith("HTTP/1.1 200 ") ? 1 : 0);
      }
      assertThat(answers).containsExactly(1, 1, 1);
    }
  }

  @Test
  void metersAreServedUnderTheNamesOfOpenTelemetry() {
    Client client = new Client(server.uri(), HttpClient.Version.HTTP_1_1);
    assertThat(client.post("v1/completions", "{\"prompt\": \"a\", \"max_tokens\": 3}").statusCode())
        .isEqualTo(200);
    assertThat(client.get("metrics").body())
        .contains(
            "# TYPE gen_ai_server_time_to_first_token_seconds histogram",
            "# TYPE gen_ai_server_time_per_output_token_seconds histogram",
            "gen_ai_client_token_usage_count{",
            "gen_ai_token_type=\"output\"",
            "gen_ai_request_model=\"polylm-tiny\"",
            "polylm_requests_total{end=\"finished\",model=\"polylm-tiny\"}",
            "polylm_running_requests{model=\"polylm-tiny\"}");
  }

  @Test
  void healthIsUpOnceTheModelsAreOpen() {
    HttpResponse<String> health =
        new Client(server.uri(), HttpClient.Version.HTTP_1_1).get("health");
    assertThat(health.statusCode()).isEqualTo(200);
    assertThat(health.body()).isEqualTo("{\"status\":\"up\"}");
  }

  private static String readAnswer(Socket socket) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) socket.getInputStream().read());
    }
    String length = head.toString().replaceAll("(?is).*content-length: (\\d+).*", "$1");
    socket.getInputStream().readNBytes(Integer.parseInt(length));
    return head.toString();
  }

  private static byte[] rawPost(String json) {
    return ("POST /v1/completions HTTP/1.1\r\nHost: localhost\r\n"
            + "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                .formatted(json.length(), json))
        .getBytes(StandardCharsets.US_ASCII);
  }

  private static Traffic traffic() {
    return CDI.current().select(Traffic.class).get();
  }

  private static void awaitRunning() {
    while (!isRunning()) {
      Thread.onSpinWait();
    }
  }

  private static boolean isRunning() {
    return CDI.current().select(PolyLm.class).get().engineState().running() > 0;
  }

  @Test
  void anAddressThatOthersReachNeedsKeys() {
    assertThatThrownBy(() -> PolyLmServer.start("0.0.0.0", 0, Map.of()))
        .isInstanceOf(PolyLmException.class)
        .hasMessage(
            "other machines can reach 0.0.0.0, so the server needs keys (polylm.server.api-keys);"
                + " without keys it listens on this machine's own address only, such as"
                + " 127.0.0.1");
  }

  @Test
  void aWrongKeyOfTheConfigurationIsNamed() {
    assertThatThrownBy(() -> start(Map.of("polylm.max-row", "3")))
        .isInstanceOf(PolyLmException.class)
        .hasMessageStartingWith("polylm.max-row is unknown, expected keys under polylm. to be of:");
  }
}
