package dev.polylm.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that two servers could understand differently (RFC 9112, section 11.2). */
final class SmugglingTest {
  private static final String BODY = "{\"prompt\": \"a\", \"max_tokens\": 1}";
  private static final String NEXT =
      "GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

  private static PolyLmServer server;

  @BeforeAll
  static void start() {
    server = PolyLmServer.start("127.0.0.1", 0, Map.of());
    server.awaitModels();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /** Returns all that is answered to a request with another one right after it. */
  private static String answers(String version, String header) throws IOException {
    String head =
        "POST /v1/completions HTTP/%s\r\nHost: localhost\r\nContent-Type: application/json\r\n%s\r\n\r\n"
            .formatted(version, header);
    String chunks = "%x\r\n%s\r\n0\r\n\r\n".formatted(BODY.length(), BODY);
    try (Socket socket = new Socket(server.uri().getHost(), server.uri().getPort())) {
      socket.getOutputStream().write((head + chunks + NEXT).getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static int count(String answers) {
    return answers.split("HTTP/1\\.[01] [0-9]", -1).length - 1;
  }

  @Test
  void aChunkedBodyEndsWithItsLastChunk() throws IOException {
    String answers = answers("1.1", "Transfer-Encoding: Chunked");
    assertThat(answers).startsWith("HTTP/1.1 200 ").endsWith("{\"status\":\"up\"}");
    assertThat(count(answers)).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "xchunked",
        "gzip, chunked",
        "chunked, chunked",
        "chunked, identity",
        "identity",
        "\u000bchunked",
        "chunked\u0000",
        "chunked;a=b"
      })
  void anotherEncodingIsRefusedAndNothingAfterItIsAnswered(String encoding) throws IOException {
    String answers = answers("1.1", "Transfer-Encoding: " + encoding);
    assertThat(answers)
        .startsWith("HTTP/1.1 501 ")
        .contains("The header Transfer-Encoding must be chunked or missing.");
    assertThat(count(answers)).isOne();
  }

  @ParameterizedTest
  @CsvSource({"1.0, Connection: keep-alive", "1.0, Connection: close"})
  void chunksBelongToHttp11(String version, String connection) throws IOException {
    String answers = answers(version, connection + "\r\nTransfer-Encoding: chunked");
    assertThat(answers)
        .startsWith("HTTP/1.0 400 ")
        .contains("Only a request of HTTP/1.1 may have the header Transfer-Encoding.");
    assertThat(count(answers)).isOne();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 5\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
        "Content-Length: 5\r\nContent-Length: 6",
        "Content-Length: +5",
        "Content-Length: 0x5",
        "Content-Length: 5, 5",
        "Content-Length: -1",
        "Transfer-Encoding : chunked"
      })
  void aBodyWithTwoLengthsOrNoneIsRefused(String headers) throws IOException {
    String answers = answers("1.1", headers);
    assertThat(answers).startsWith("HTTP/1.1 400 ");
    assertThat(count(answers)).isOne();
  }

  @ParameterizedTest
  @ValueSource(strings = {"!!!", "AA", "AAMAAABk\r\nHTTP2-Settings: AAMAAABk", "AAMAAABkAA"})
  void wrongSettingsOfHttp2AreRefused(String settings) throws IOException {
    String answers =
        answers(
            "1.1",
            "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nTransfer-Encoding: chunked"
                + "\r\nHTTP2-Settings: "
                + settings);
    assertThat(answers)
        .startsWith("HTTP/1.1 400 ")
        .contains("The header HTTP2-Settings can't be read.");
    assertThat(count(answers)).isOne();
  }
}
