package dev.polylm.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that want to harm the server, most of them without a key. */
final class HostileClientsTest {
  /** More than the server has threads. */
  private static final int MANY = 150;

  /** A read that takes longer fails. */
  private static final int STUCK_MILLIS = 60_000;

  private static PolyLmServer server;

  @BeforeAll
  static void start() {
    Map<String, String> config =
        Map.of("polylm.server.api-keys", "secret", "polylm.server.body-seconds", "2");
    server = PolyLmServer.start("127.0.0.1", 0, config);
    server.awaitModels();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Socket connection() throws IOException {
    Socket socket = new Socket(server.uri().getHost(), server.uri().getPort());
    socket.setSoTimeout(STUCK_MILLIS);
    return socket;
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String answer(String request) throws IOException {
    try (Socket socket = connection()) {
      send(socket, request + "\r\nHost: localhost\r\nConnection: close\r\n\r\n");
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/completions", "/health", "/nowhere"})
  void bodiesThatNeverComeTakeNoThreads(String path) throws IOException {
    List<Socket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < MANY; i++) {
        Socket socket = connection();
        sockets.add(socket);
        send(
            socket,
            "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    .formatted(path)
                + "Content-Length: 200\r\n\r\n{");
      }
      assertThat(answer("GET /health HTTP/1.1")).startsWith("HTTP/1.1 200 ");
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  @Test
  void aHeadThatNeverEndsIsCutOff() throws IOException {
    try (Socket socket = connection()) {
      send(socket, "GET /health HTTP/1.1\r\nHost: local");
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"OPTIONS *", "CONNECT localhost:80", "GET *"})
  void aTargetThatIsNoPathIsRefused(String target) throws IOException {
    assertThat(answer(target + " HTTP/1.1")).startsWith("HTTP/1.1 400 ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /v1/models HTTP/1.1\r\nAccept: a/",
        "GET /v1/models HTTP/1.1\r\nAccept-Language: en;q=z",
        "POST /v1/completions HTTP/1.1\r\nContent-Length: 0\r\nContent-Type: json",
        "GET /v1/models/%ff HTTP/1.1",
      })
  void aHeadThatCanNotBeReadIsRefusedInTheFormOfTheApi(String head) throws IOException {
    String answer = answer(head);
    assertThat(answer)
        .startsWith("HTTP/1.1 400 ")
        .containsIgnoringCase("content-type: application/json");
    String body = answer.substring(answer.indexOf("\r\n\r\n"));
    assertThat(Client.json(body).at("/error/message").asText())
        .startsWith("The path or a header can't be read: ");
  }

  @Test
  void cookiesOfOthersAreLeftAlone() throws IOException {
    assertThat(answer("GET /health HTTP/1.1\r\nCookie: a=\u0001;;=")).startsWith("HTTP/1.1 200 ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Accept: a/b;q=x", "Content-Type: a/b;q", "Accept: a/"})
  void noAnswerIsInTheWordsOfTheRuntime(String header) throws IOException {
    for (String path : List.of("/v1/models", "/health", "/nowhere")) {
      assertThat(answer("GET %s HTTP/1.1\r\n%s".formatted(path, header)))
          .doesNotContain("RESTEASY", "java.", "empty String");
    }
  }

  @Test
  void thePathOfFailuresIsNoPathForClients() throws IOException {
    assertThat(answer("GET /failure HTTP/1.1")).startsWith("HTTP/1.1 404 ");
  }
}
