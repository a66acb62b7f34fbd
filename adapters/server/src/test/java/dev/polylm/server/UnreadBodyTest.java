package dev.polylm.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies whose end never comes. */
final class UnreadBodyTest {
  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int RESET = 3;
  private static final int SETTINGS = 4;
  private static final int END_STREAM = 1;
  private static final int END_HEADERS = 4;

  private static PolyLmServer server;

  @BeforeAll
  static void start() {
    server = PolyLmServer.start("127.0.0.1", 0, Map.of("polylm.server.body-seconds", "2"));
    server.awaitModels();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Socket connection() throws IOException {
    return new Socket(server.uri().getHost(), server.uri().getPort());
  }

  /** The packed content is whole, but not the body around it. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aPackedBodyEndsInTime(boolean chunked) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write("{\"prompt\": \"a\", \"max_tokens\": 1}".getBytes(StandardCharsets.UTF_8));
    }
    String length =
        chunked ? "Transfer-Encoding: chunked" : "Content-Length: " + (packed.size() + 1);
    try (Socket socket = connection()) {
      socket
          .getOutputStream()
          .write(
              ("POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Encoding: gzip\r\n"
                      + "Content-Type: application/json\r\n%s\r\n\r\n".formatted(length)
                      + (chunked ? "%x\r\n".formatted(packed.size()) : ""))
                  .getBytes(StandardCharsets.US_ASCII));
      packed.writeTo(socket.getOutputStream());
      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .startsWith("HTTP/1.1 408 ")
          .contains("The body did not arrive within 2 seconds, which is the limit.");
    }
  }

  /** Only the stream ends, and other requests of the connection go on. */
  @Test
  void aRefusedBodyOfHttp2EndsItsStreamAlone() throws IOException {
    try (Socket socket = connection()) {
      socket
          .getOutputStream()
          .write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      send(socket, SETTINGS, 0, 0, new byte[0]);
      send(socket, HEADERS, END_HEADERS, 1, head("POST", "/nowhere"));
      send(socket, DATA, 0, 1, new byte[] {'{'});
      DataInputStream in = new DataInputStream(socket.getInputStream());
      List<Integer> types = new ArrayList<>();
      while (!types.contains(RESET)) {
        types.add(frameOf(in, 1));
      }
      assertThat(types).startsWith(HEADERS);
      send(socket, HEADERS, END_HEADERS | END_STREAM, 3, head("GET", "/health"));
      assertThat(frameOf(in, 3)).isEqualTo(HEADERS);
      assertThat(frameOf(in, 3)).isEqualTo(DATA);
    }
  }

  private static void send(Socket socket, int type, int flags, int stream, byte[] content)
      throws IOException {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.write(new byte[] {0, 0, (byte) content.length, (byte) type, (byte) flags});
    frame.write(new byte[] {0, 0, 0, (byte) stream});
    frame.write(content);
    frame.writeTo(socket.getOutputStream());
  }

  /** The fields in HPACK's simplest form: names and values as they are. */
  private static byte[] head(String method, String path) throws IOException {
    ByteArrayOutputStream fields = new ByteArrayOutputStream();
    List<String> all =
        List.of(":method", method, ":path", path, ":scheme", "http", ":authority", "localhost");
    for (int i = 0; i < all.size(); i += 2) {
      fields.write(0);
      for (String text : all.subList(i, i + 2)) {
        fields.write(text.length());
        fields.write(text.getBytes(StandardCharsets.US_ASCII));
      }
    }
    return fields.toByteArray();
  }

  /** Returns the type of the next frame of a stream. */
  private static int frameOf(DataInputStream in, int stream) throws IOException {
    while (true) {
      int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
      int type = in.readUnsignedByte();
      in.readUnsignedByte();
      int of = in.readInt();
      in.skipNBytes(length);
      if (of == stream) {
        return type;
      }
    }
  }
}
