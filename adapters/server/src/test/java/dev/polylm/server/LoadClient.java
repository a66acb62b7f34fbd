package dev.polylm.server;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A client that asks for one stream after the other, on a connection of its own for each. */
final class LoadClient {
  private static final int LEFT_AFTER_PIECES = 3;

  private final URI server;
  private final String prompt;
  private final List<Double> firstPieceMillis = new ArrayList<>();

  /** What a client has seen. */
  record Figures(int whole, int left, List<String> wrong, List<Double> firstPieceMillis) {}

  LoadClient(URI server, String prompt) {
    this.server = server;
    this.prompt = prompt;
  }

  /** Returns the text of a whole stream. */
  String whole() {
    try {
      return stream(Integer.MAX_VALUE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Asks until a time; every third stream is left in the middle. */
  Figures run(String expected, int first, long end) throws IOException {
    int whole = 0;
    int left = 0;
    List<String> wrong = new ArrayList<>();
    for (int i = first; System.nanoTime() < end; i++) {
      if (i % 3 == 0) {
        String text = stream(LEFT_AFTER_PIECES);
        left++;
        if (!expected.startsWith(text)) {
          wrong.add(text);
        }
      } else {
        String text = stream(Integer.MAX_VALUE);
        whole++;
        if (!expected.equals(text)) {
          wrong.add(text);
        }
      }
    }
    return new Figures(whole, left, wrong, firstPieceMillis);
  }

  private String stream(int pieces) throws IOException {
    long begun = System.nanoTime();
    StringBuilder text = new StringBuilder();
    try (Socket socket = new Socket(server.getHost(), server.getPort())) {
      socket.getOutputStream().write(request());
      BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      int seen = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.equals("data: [DONE]")) {
          return text.toString();
        }
        if (line.startsWith("data: ")) {
          JsonNode piece = Client.json(line.substring("data: ".length())).at("/choices/0/text");
          text.append(piece.textValue());
          if (seen++ == 0) {
            firstPieceMillis.add((System.nanoTime() - begun) / 1e6);
          }
          if (seen == pieces) {
            return text.toString();
          }
        }
      }
    }
    return text + " (broke off)";
  }

  private byte[] request() {
    String json =
        "{\"prompt\": \"%s\", \"max_tokens\": 24, \"suppress_tokens\": [2], \"stream\": true}"
            .formatted(prompt);
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    String head =
        "POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + "Content-Length: %d\r\n\r\n".formatted(body.length);
    byte[] request = new byte[head.length() + body.length];
    System.arraycopy(head.getBytes(StandardCharsets.US_ASCII), 0, request, 0, head.length());
    System.arraycopy(body, 0, request, head.length(), body.length);
    return request;
  }
}
